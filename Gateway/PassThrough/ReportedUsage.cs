using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>
/// Usage in the words of OpenAI (chat completions, Responses), Anthropic, Gemini and Bedrock. Several reports of one reply are put together field by field, the
/// latest of each counting: Anthropic's stream names its input first and its output last.
/// </summary>
internal sealed class ReportedUsage
{
    private long? input, output, total;
    // Inside the input (OpenAI, Gemini), or beside it (Anthropic, Bedrock).
    private long cachedInside, cacheRead, cacheWrite;
    // Inside the output (OpenAI), or beside it (Gemini).
    private long reasoning, thoughts;
    private long toolPrompt;

    /// <summary>The tokens in disjoint classes, never negative; null = nothing was reported.</summary>
    public TokenUsage? Tokens
    {
        get
        {
            if (input is null && output is null && total is null) return null;
            var allOutput = (output ?? 0) + thoughts;
            var allInput = (input ?? Math.Max(0, (total ?? 0) - allOutput)) + toolPrompt;
            var inside = Math.Min(cachedInside, allInput);
            return new TokenUsage(allInput - inside, inside + cacheRead, cacheWrite, allOutput, Math.Min(reasoning + thoughts, allOutput));
        }
    }

    /// <summary>Takes one report, a JSON object; what is none is ignored.</summary>
    public void Take(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) TakeFields(ref reader);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // A broken report reports nothing more.
        }
    }

    private void TakeFields(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "prompt_tokens"u8, "input_tokens"u8, "promptTokenCount"u8, "inputTokens"u8)) input = Count(ref reader) ?? input;
            else if (Is(ref reader, "completion_tokens"u8, "output_tokens"u8, "candidatesTokenCount"u8, "outputTokens"u8)) output = Count(ref reader) ?? output;
            else if (Is(ref reader, "total_tokens"u8, "totalTokenCount"u8, "totalTokens"u8)) total = Count(ref reader) ?? total;
            else if (Is(ref reader, "cached_tokens"u8, "cachedContentTokenCount"u8)) cachedInside = Count(ref reader) ?? cachedInside;
            else if (Is(ref reader, "cache_read_input_tokens"u8, "cacheReadInputTokens"u8, "cacheReadInputTokenCount"u8)) cacheRead = Count(ref reader) ?? cacheRead;
            else if (Is(ref reader, "cache_creation_input_tokens"u8, "cacheWriteInputTokens"u8, "cacheWriteInputTokenCount"u8)) cacheWrite = Count(ref reader) ?? cacheWrite;
            else if (Is(ref reader, "reasoning_tokens"u8)) reasoning = Count(ref reader) ?? reasoning;
            else if (Is(ref reader, "thoughtsTokenCount"u8)) thoughts = Count(ref reader) ?? thoughts;
            else if (Is(ref reader, "toolUsePromptTokenCount"u8)) toolPrompt = Count(ref reader) ?? toolPrompt;
            else if (Is(ref reader, "prompt_tokens_details"u8, "completion_tokens_details"u8, "input_tokens_details"u8, "output_tokens_details"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject) TakeFields(ref reader);
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
    }

    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> one, ReadOnlySpan<byte> two = default, ReadOnlySpan<byte> three = default, ReadOnlySpan<byte> four = default) =>
        reader.ValueTextEquals(one) || (!two.IsEmpty && reader.ValueTextEquals(two)) || (!three.IsEmpty && reader.ValueTextEquals(three)) || (!four.IsEmpty && reader.ValueTextEquals(four));

    private static long? Count(ref Utf8JsonReader reader)
    {
        // A number of tokens that no request has is a mistake, and sums of them must not overflow.
        const long Most = 1_000_000_000_000;
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count is >= 0 and <= Most ? count : null;
    }
}
