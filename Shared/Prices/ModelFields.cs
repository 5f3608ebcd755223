using System.Buffers;
using System.Text.Json;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Shared.Prices;

/// <summary>The fields of one model in a price file, amounts already exact.</summary>
internal sealed class ModelFields(ModelCollector faults, string key)
{
    private readonly Dictionary<PriceField, long> amounts = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>Who offers it, as the file calls them.</summary>
    public string? Provider { get; private set; }

    /// <summary>What it is for, e.g. <c>chat</c>.</summary>
    public string? Mode { get; private set; }

    /// <summary>Longest prompt.</summary>
    public int? ContextTokens { get; private set; }

    /// <summary>Longest answer.</summary>
    public int? MaxOutputTokens { get; private set; }

    /// <summary>What it can do.</summary>
    public ModelAbilities Abilities { get; private set; }

    /// <summary>The amount of a field; null = not there.</summary>
    public long? this[PriceField field] => amounts.TryGetValue(field, out var amount) ? amount : null;

    /// <summary>All amounts of a token class, with their tiers and steps.</summary>
    public IEnumerable<PriceField> Fields => amounts.Keys;

    /// <summary>Reads the object; stands on its end afterwards.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!seen.Add(name)) faults.Fault(key, name, "is there twice");
            Field(name, ref reader);
            _ = reader.TrySkip();
        }
    }

    private void Field(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return;
        switch (name)
        {
            case "litellm_provider":
                Provider = Text(name, ref reader);
                break;
            case "mode":
                Mode = Text(name, ref reader);
                break;
            case "max_input_tokens":
                ContextTokens = Tokens(name, ref reader);
                break;
            case "max_output_tokens":
                MaxOutputTokens = Tokens(name, ref reader);
                break;
            case "search_context_cost_per_query":
                Search(name, ref reader);
                break;
            default:
                if (AbilityOf(name) is { } ability) Flag(name, ability, ref reader);
                else if (PriceField.Read(name) is { } field) Amount(name, field, ref reader);
                break;
        }
    }

    private void Amount(string name, PriceField field, ref Utf8JsonReader reader)
    {
        // Some files write amounts as text.
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            && ExactAmount.TryRead(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, field.Places, out var amount)
            && amount <= PriceRules.MaxPrice)
            amounts[field] = amount;
        else faults.Fault(key, name, "is an amount in dollars from 0 to 1 a token");
    }

    private void Search(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            faults.Fault(key, name, "is an object");
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsual = reader.ValueTextEquals("search_context_size_medium"u8);
            reader.Read();
            if (isUsual) Amount(name, PriceField.Search, ref reader);
            _ = reader.TrySkip();
        }
    }

    private string? Text(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        faults.Fault(key, name, "is a text");
        return null;
    }

    private int? Tokens(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            && ExactAmount.TryRead(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, 0, out var count) && count <= int.MaxValue)
            return count == 0 ? null : (int)count;
        faults.Fault(key, name, "is a number of tokens");
        return null;
    }

    private void Flag(string name, ModelAbilities ability, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.True) Abilities |= ability;
        else if (reader.TokenType != JsonTokenType.False) faults.Fault(key, name, "is true or false");
    }

    private static ModelAbilities? AbilityOf(string name) => name switch
    {
        "supports_vision" => ModelAbilities.Vision,
        "supports_function_calling" => ModelAbilities.Tools,
        "supports_response_schema" => ModelAbilities.JsonSchema,
        "supports_reasoning" => ModelAbilities.Reasoning,
        "supports_audio_input" => ModelAbilities.Audio,
        "supports_prompt_caching" => ModelAbilities.PromptCaching,
        _ => null,
    };
}
