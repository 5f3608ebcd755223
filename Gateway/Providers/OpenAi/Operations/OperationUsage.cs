using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>
/// Usage in the shapes of the operations beside chats: tokens (<c>input_tokens</c>, <c>prompt_tokens</c>, or only <c>total_tokens</c>), a duration
/// (<c>{"type":"duration","seconds":7}</c>), or Cohere's <c>meta.billed_units</c>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct OperationUsage
{
    private const long LongestSeconds = 7 * 86_400;

    private long? input, output, total;
    private long cached, audioInput, reasoning;

    /// <summary>Length of the recording that is charged, in milliseconds.</summary>
    public long Milliseconds { get; private set; }

    /// <summary>Searches that are charged.</summary>
    public long Searches { get; private set; }

    /// <summary>The part of the input that is audio.</summary>
    public readonly long AudioInputTokens => Math.Min(audioInput, Tokens?.Input ?? 0);

    /// <summary>The tokens in disjoint classes; null = none are reported.</summary>
    public readonly TokenUsage? Tokens
    {
        get
        {
            if (input is null && output is null && total is null) return null;
            var allOutput = output ?? 0;
            var allInput = input ?? Math.Max(0, (total ?? 0) - allOutput);
            var fromCache = Math.Min(cached, allInput);
            return new TokenUsage(allInput - fromCache, fromCache, 0, allOutput, Math.Min(reasoning, allOutput));
        }
    }

    /// <summary>Reads the object that the reader stands at.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8) || reader.ValueTextEquals("prompt_tokens"u8)) input = Count(ref reader) ?? input;
            else if (reader.ValueTextEquals("output_tokens"u8) || reader.ValueTextEquals("completion_tokens"u8)) output = Count(ref reader) ?? output;
            else if (reader.ValueTextEquals("total_tokens"u8)) total = Count(ref reader) ?? total;
            else if (reader.ValueTextEquals("search_units"u8)) Searches = Count(ref reader) ?? Searches;
            else if (IsDetails(ref reader)) ReadDetails(ref reader);
            else
            {
                var isSeconds = reader.ValueTextEquals("seconds"u8);
                reader.Read();
                if (isSeconds) Milliseconds = MillisecondsOf(ref reader);
            }
            reader.Skip();
        }
    }

    /// <summary>Reads Cohere's <c>meta</c> object.</summary>
    public void ReadMeta(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBilled = reader.ValueTextEquals("billed_units"u8);
            reader.Read();
            if (isBilled) Read(ref reader);
            reader.Skip();
        }
    }

    /// <summary>A number of seconds in milliseconds; 0 for what is none.</summary>
    public static long MillisecondsOf(ref Utf8JsonReader reader)
    {
        // whisper-1 has sent its duration as a string.
        double seconds;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (!double.TryParse(reader.GetString(), System.Globalization.CultureInfo.InvariantCulture, out seconds)) return 0;
        }
        else if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out seconds))
        {
            return 0;
        }
        return seconds is > 0 and < LongestSeconds ? (long)Math.Ceiling(seconds * 1000) : 0;
    }

    private static bool IsDetails(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("input_token_details"u8) || reader.ValueTextEquals("input_tokens_details"u8) || reader.ValueTextEquals("prompt_tokens_details"u8)
        || reader.ValueTextEquals("output_tokens_details"u8) || reader.ValueTextEquals("completion_tokens_details"u8);

    private void ReadDetails(ref Utf8JsonReader reader)
    {
        var ofInput = !reader.ValueTextEquals("output_tokens_details"u8) && !reader.ValueTextEquals("completion_tokens_details"u8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ofInput && reader.ValueTextEquals("cached_tokens"u8)) cached = Count(ref reader) ?? 0;
            else if (ofInput && reader.ValueTextEquals("audio_tokens"u8)) audioInput = Count(ref reader) ?? 0;
            else if (!ofInput && reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = Count(ref reader) ?? 0;
            else reader.Read();
            reader.Skip();
        }
    }

    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0 ? count : null;
    }
}
