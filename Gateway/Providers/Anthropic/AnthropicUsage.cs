using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// Anthropic's usage object ("Messages", Usage). Its input classes are disjoint as ours are; thinking is a part of <c>output_tokens</c>. In a stream
/// <c>message_start</c> gives the input and <c>message_delta</c> the totals so far, of which it may leave out any but the output.
/// </summary>
internal static class AnthropicUsage
{
    // More tokens than any provider can mean. Sums of such classes cannot overflow.
    private const long Most = 1L << 40;

    /// <summary>Reads the object that the reader stands at over what was known before; that again when it reports nothing that can be counted.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader, TokenUsage? before)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return before;
        }
        long? input = null, output = null, read = null, written = null, thinking = null;
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("input_tokens"u8)) input = Count(ref reader) ?? input;
            else if (reader.ValueTextEquals("output_tokens"u8)) output = Count(ref reader) ?? output;
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) read = Count(ref reader) ?? read;
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) written = Count(ref reader) ?? written;
            else if (reader.ValueTextEquals("output_tokens_details"u8)) thinking = Thinking(ref reader) ?? thinking;
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (input is null && output is null && read is null && written is null) return before;
        var known = before ?? default;
        var total = output ?? known.Output;
        return new TokenUsage(
            input ?? known.Input, read ?? known.CacheRead, written ?? known.CacheWrite, total, Math.Min(thinking ?? known.Reasoning, total));
    }

    private static long? Thinking(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        long? thinking = null;
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("thinking_tokens"u8)) thinking = Count(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        return thinking;
    }

    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0) return Math.Min(count, Most);
        reader.Skip();
        return null;
    }

    /// <summary>
    /// Notes what a usage report says beside the token classes: the tier that served, and what was written to the cache for an hour, which costs more.
    /// Found by search in a report that was parsed already: a quoted key cannot stand inside a JSON string, whose quotes are escaped.
    /// </summary>
    public static void NoteRest(ReadOnlySpan<byte> json, ReplyFacts facts)
    {
        if (JsonSearch.ValueOf(json, "\"ephemeral_1h_input_tokens\""u8) is >= 0 and var written
            && System.Buffers.Text.Utf8Parser.TryParse(json[written..], out long hour, out _) && hour is > 0 and <= Most)
            facts.Units = facts.Units with { CacheWrite1hTokens = hour };
        if (JsonSearch.ValueOf(json, "\"service_tier\""u8) is >= 0 and var tier && json[tier] == '"'
            && JsonSearch.TextLength(json[(tier + 1)..]) is > 0 and <= 32 and var length)
            facts.ServiceTier = ServiceTiers.Of(json.Slice(tier + 1, length));
    }
}
