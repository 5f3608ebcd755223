using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Reads those top-level fields of a chat, of any dialect, that make it longer or dearer; the others are gone over.</summary>
internal static class ChatFieldsReader
{
    // The longest name that is looked for has 20 letters, each of which an escape makes 6 bytes long.
    private const int MaxEscapedName = 160;
    private const int MaxTierLength = 32;

    // Most requests that name one name one of these; they are not made anew.
    private static readonly string[] Tiers = ["auto", "default", "flex", "priority", "standard_only", "scale", "standard", "batch", "on_demand"];

    /// <summary>Reads the field whose name the reader stands at and leaves it at the end of the value; null = it is acceptable.</summary>
    public static Refusal? Read(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        var field = FieldAt(ref reader);
        reader.Read();
        switch (field)
        {
            case Field.Tools:
                PromptShapeReader.ReadTools(ref reader, ref shape);
                return null;
            case Field.System:
                PromptShapeReader.ReadMarkers(ref reader, ref shape);
                return null;
            case Field.CacheControl when reader.TokenType != JsonTokenType.Null:
                // One for the whole prompt; how long says its inside.
                shape.HasCacheMarker = true;
                PromptShapeReader.ReadMarkers(ref reader, ref shape);
                return null;
            case Field.Choices when reader.TokenType != JsonTokenType.Null:
                return ReadChoices(ref reader, ref shape);
            case Field.ServiceTier when reader.TokenType == JsonTokenType.String:
                return ReadTier(ref reader, ref shape);
            case Field.Reference or Field.Servers when reader.TokenType != JsonTokenType.Null:
                shape.HasUnknownInput = true;
                if (field == Field.Servers) shape.ServerTools++;
                break;
            case Field.Speech:
                shape.MaySpeak |= reader.TokenType != JsonTokenType.Null;
                break;
            case Field.Prediction:
                var start = reader.TokenStartIndex;
                reader.Skip();
                shape.PredictionBytes += (int)(reader.BytesConsumed - start);
                return null;
        }
        reader.Skip();
        return null;
    }

    private static Field FieldAt(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return FieldOf(reader.ValueSpan);
        if (reader.ValueSpan.Length > MaxEscapedName) return Field.None;
        Span<byte> buffer = stackalloc byte[MaxEscapedName];
        return FieldOf(buffer[..reader.CopyString(buffer)]);
    }

    private static Field FieldOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 when name.SequenceEqual("n"u8) => Field.Choices,
        5 when name.SequenceEqual("tools"u8) => Field.Tools,
        5 when name.SequenceEqual("audio"u8) => Field.Speech,
        6 when name.SequenceEqual("system"u8) => Field.System,
        6 when name.SequenceEqual("prompt"u8) => Field.Reference,
        7 when name.SequenceEqual("plugins"u8) => Field.Servers,
        9 when name.SequenceEqual("container"u8) => Field.Reference,
        10 when name.SequenceEqual("modalities"u8) => Field.Speech,
        10 when name.SequenceEqual("prediction"u8) => Field.Prediction,
        11 when name.SequenceEqual("mcp_servers"u8) => Field.Servers,
        12 when name.SequenceEqual("service_tier"u8) => Field.ServiceTier,
        12 when name.SequenceEqual("conversation"u8) => Field.Reference,
        13 when name.SequenceEqual("cache_control"u8) => Field.CacheControl,
        17 when name.SequenceEqual("search_parameters"u8) => Field.Servers,
        18 when name.SequenceEqual("web_search_options"u8) => Field.Servers,
        20 when name.SequenceEqual("previous_response_id"u8) => Field.Reference,
        _ => Field.None,
    };

    private static Refusal? ReadChoices(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        // The dialects leave this field's rules to the provider; what is no number it refuses.
        if (shape.Choices > 0) return Refusal.InvalidRequest("Field 'n' stands twice in the body. Send it once.", "n");
        shape.Choices = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var n) && n > 0 ? n : 1;
        reader.Skip();
        return null;
    }

    private static Refusal? ReadTier(ref Utf8JsonReader reader, ref PromptShape shape)
    {
        if (shape.ServiceTier is not null) return Refusal.InvalidRequest("Field 'service_tier' stands twice in the body. Send it once.", "service_tier");
        foreach (var tier in Tiers)
        {
            if (!reader.ValueTextEquals(tier)) continue;
            shape.ServiceTier = tier;
            return null;
        }
        if (reader.ValueSpan.Length <= MaxTierLength) shape.ServiceTier = reader.GetString();
        return null;
    }

    private enum Field
    {
        None,
        Tools,
        System,
        CacheControl,
        Choices,
        ServiceTier,

        /// <summary>Something that is kept at the provider belongs to the prompt.</summary>
        Reference,

        /// <summary>The provider asks others and feeds the model with what they say.</summary>
        Servers,

        /// <summary>The answer may be spoken.</summary>
        Speech,

        /// <summary>What the caller expects to be answered.</summary>
        Prediction,
    }
}
