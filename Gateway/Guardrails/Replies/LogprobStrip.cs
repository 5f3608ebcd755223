using System.Buffers;
using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>Takes log probabilities out of a reply whose words may be masked: they repeat its words token by token.</summary>
internal static class LogprobStrip
{
    private const int MaxDepth = 256;

    /// <summary>Whether there may be any.</summary>
    public static bool MayHave(ReadOnlySpan<byte> json) => json.IndexOf("logprobs\""u8) >= 0;

    /// <summary>Writes a JSON value without them: <c>null</c> in the place of an object, an empty list in that of a list.</summary>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var written = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !(reader.ValueTextEquals("logprobs"u8) || reader.ValueTextEquals("top_logprobs"u8))) continue;
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) continue;
                var start = (int)reader.TokenStartIndex;
                var nothing = reader.TokenType == JsonTokenType.StartObject ? "null"u8 : "[]"u8;
                reader.Skip();
                output.Write(json[written..start]);
                output.Write(nothing);
                written = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            // Whoever reads it next says so; what stands behind the fault is passed on for that.
        }
        output.Write(json[written..]);
    }
}
