using System.Text.Json;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// Reads the events of a chat completion stream. Most events are a few words of the answer: they are looked at with vectorised searches for the
/// keys that matter, and parsed only when one is there. A quoted key cannot be faked inside a JSON string, whose quotes are escaped; whether a key is
/// at the top level is decided by parsing.
/// </summary>
internal static class OpenAiStreamReader
{
    private const byte Quote = (byte)'"';

    /// <summary>Whether the event reports a failure at its top level.</summary>
    public static bool IsFailure(ReadOnlySpan<byte> data)
    {
        if (IsDone(data)) return false;
        if (!LooksLikeObject(data)) return true;
        if (data.IndexOf("\"error\""u8) < 0) return false;
        var first = default(TopLevel);
        return !TryParse(data, ref first) || first.HasError;
    }

    /// <summary>Reads one event.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="facts">Updated by what it says.</param>
    /// <param name="hideUsage">Whether the usage was asked for by the gateway and not by the caller, who shall not see it.</param>
    public static StreamVerdict Read(ReadOnlySpan<byte> data, ReplyFacts facts, bool hideUsage)
    {
        if (IsDone(data)) return new(StreamAction.Done);
        if (!LooksLikeObject(data)) return new(StreamAction.Fail);

        // The first event is parsed for the served model; later ones only where a key asks for it.
        var usageValue = JsonSearch.ValueOf(data, "\"usage\""u8);
        var hasUsage = usageValue >= 0 && !data[usageValue..].StartsWith("null"u8);
        if (facts.ServedModel is null || hasUsage || data.IndexOf("\"error\""u8) >= 0)
        {
            var parsed = default(TopLevel);
            if (!TryParse(data, ref parsed) || parsed.HasError) return new(StreamAction.Fail);
            facts.ServedModel ??= parsed.Model ?? "";
            facts.ServiceTier = parsed.ServiceTier ?? facts.ServiceTier;
            if (parsed.Usage is { } usage) facts.Usage = usage;
            CountContent(data, facts);
            if (!hideUsage || parsed.UsageEnd == 0) return new(StreamAction.Forward);
            // The chunk that carries nothing but usage is the one that the caller did not ask for.
            return parsed.Usage is not null && !parsed.HasChoices ? new(StreamAction.Drop) : Without(data, parsed.UsageStart, parsed.UsageEnd);
        }

        CountContent(data, facts);
        if (usageValue < 0 || !hideUsage) return new(StreamAction.Forward);

        // "usage":null directly before the closing brace: certainly at the top level, as OpenAI sends it in every chunk.
        var end = usageValue + "null".Length;
        if (data[end..].TrimStart(" \t\r\n"u8) is [(byte)'}']) return Without(data, data[..usageValue].LastIndexOf("\"usage\""u8), end);
        var full = default(TopLevel);
        if (!TryParse(data, ref full)) return new(StreamAction.Fail);
        return full.UsageEnd > 0 ? Without(data, full.UsageStart, full.UsageEnd) : new(StreamAction.Forward);
    }

    private static bool IsDone(ReadOnlySpan<byte> data) => data.Trim(" \t"u8).SequenceEqual("[DONE]"u8);

    private static bool LooksLikeObject(ReadOnlySpan<byte> data)
    {
        var trimmed = data.Trim(" \t"u8);
        return trimmed.Length >= 2 && trimmed[0] == '{' && trimmed[^1] == '}';
    }

    /// <summary>Cuts a property with the comma that separates it from its neighbour.</summary>
    private static StreamVerdict Without(ReadOnlySpan<byte> data, int start, int end)
    {
        var before = data[..start].TrimEnd(" \t\r\n"u8);
        if (before is [.., (byte)',']) return new(StreamAction.ForwardWithout, before.Length - 1, end);
        var after = data[end..];
        var trimmed = after.TrimStart(" \t\r\n"u8);
        if (trimmed is [(byte)',', ..]) end += after.Length - trimmed.Length + 1;
        return new(StreamAction.ForwardWithout, start, end);
    }

    private static void CountContent(ReadOnlySpan<byte> data, ReplyFacts facts)
    {
        var content = JsonSearch.ValueOf(data, "\"content\""u8);
        if (content >= 0 && data[content] == Quote && JsonSearch.TextLength(data[(content + 1)..]) is > 0 and var length)
        {
            facts.ContentBytes += length;
            facts.ContentEvents++;
        }
        else if (data.IndexOf("\"tool_calls\""u8) >= 0 || data.IndexOf("\"reasoning"u8) >= 0)
        {
            facts.ContentEvents++;
        }
        var finish = JsonSearch.ValueOf(data, "\"finish_reason\""u8);
        if (finish >= 0 && data[finish] == Quote) facts.IsFinished = true;
    }

    private static bool TryParse(ReadOnlySpan<byte> data, ref TopLevel found)
    {
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var start = (int)reader.TokenStartIndex;
                if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    found.UsageStart = start;
                    found.Usage = OpenAiUsage.Read(ref reader);
                    reader.Skip();
                    found.UsageEnd = (int)reader.BytesConsumed;
                }
                else if (reader.ValueTextEquals("choices"u8))
                {
                    reader.Read();
                    var isArray = reader.TokenType == JsonTokenType.StartArray;
                    var open = reader.BytesConsumed;
                    reader.Skip();
                    found.HasChoices = isArray && data[(int)open..(int)reader.TokenStartIndex].ContainsAnyExcept(" \t\r\n"u8);
                }
                else if (reader.ValueTextEquals("model"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String) found.Model = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("service_tier"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String) found.ServiceTier = ServiceTiers.Of(reader.ValueSpan);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("error"u8))
                {
                    reader.Read();
                    found.HasError = reader.TokenType != JsonTokenType.Null;
                    reader.Skip();
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What stands at the top level of an event.</summary>
    private ref struct TopLevel
    {
        public int UsageStart, UsageEnd;
        public Pipeline.TokenUsage? Usage;
        public bool HasChoices, HasError;
        public string? Model, ServiceTier;
    }
}
