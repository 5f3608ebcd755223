using System.Text.Json;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// Reads the events of a Responses stream that passes in its own dialect. Each says in <c>type</c>, its first field, what it is; only the last one holds the
/// usage and is parsed, the others are recognised by their first bytes.
/// </summary>
internal static class ResponsesStreamReader
{
    /// <summary>Whether the event says that there will be no answer.</summary>
    public static bool IsFailure(ReadOnlySpan<byte> data)
    {
        var type = TypeOf(data);
        return type.SequenceEqual("error"u8) || type.SequenceEqual("response.failed"u8);
    }

    /// <summary>Reads one event.</summary>
    public static StreamVerdict Read(ReadOnlySpan<byte> data, ReplyFacts facts)
    {
        var type = TypeOf(data);
        if (type.IsEmpty) return new(StreamAction.Fail);
        if (type.EndsWith(".delta"u8))
        {
            facts.ContentEvents++;
            facts.ContentBytes += DeltaLength(data);
            return new(StreamAction.Forward);
        }
        if (type.SequenceEqual("error"u8) || type.SequenceEqual("response.failed"u8)) return new(StreamAction.Fail);
        var isLast = type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8);
        if (!isLast && (facts.ServedModel is not null || !type.SequenceEqual("response.created"u8))) return new(StreamAction.Forward);
        if (!TryReadResponse(data, facts)) return new(StreamAction.Fail);
        if (!isLast) return new(StreamAction.Forward);
        facts.IsFinished = true;
        return new(StreamAction.Done);
    }

    /// <summary>The event's type; empty when it has none.</summary>
    internal static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> data)
    {
        const int Near = 64;
        var at = data[..Math.Min(data.Length, Near)].IndexOf("{\"type\":\""u8);
        if (at == 0)
        {
            var rest = data["{\"type\":\"".Length..];
            var end = rest.IndexOf((byte)'"');
            return end < 0 ? default : rest[..end];
        }
        // Not in front: parsed up to where it is.
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType) return reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;
                reader.Skip();
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return default;
        }
        return default;
    }

    private static int DeltaLength(ReadOnlySpan<byte> data)
    {
        var at = data.LastIndexOf("\"delta\":\""u8);
        if (at < 0) return 0;
        var text = data[(at + "\"delta\":\"".Length)..];
        var end = text.IndexOf((byte)'"');
        return end < 0 ? text.Length : end;
    }

    private static bool TryReadResponse(ReadOnlySpan<byte> data, ReplyFacts facts)
    {
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isResponse = reader.ValueTextEquals("response"u8);
                reader.Read();
                if (isResponse && reader.TokenType == JsonTokenType.StartObject) ReadResponse(ref reader, facts);
                else reader.Skip();
            }
            reader.Read();
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void ReadResponse(ref Utf8JsonReader reader, ReplyFacts facts)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                facts.Usage = OpenAiUsage.Read(ref reader) ?? facts.Usage;
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) facts.ServedModel = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
    }
}
