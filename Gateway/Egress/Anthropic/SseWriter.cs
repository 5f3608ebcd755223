using System.Buffers;
using System.Buffers.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>Writes the events of a message stream. All texts are escaped and go between quotes as they are; each event is written into one span.</summary>
/// <param name="output">Where they go.</param>
internal sealed class SseWriter(IBufferWriter<byte> output)
{
    // Names, indexes and punctuation of any event, without its texts.
    private const int Frame = 384;

    private int at;

    /// <summary>Writes bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary><c>message_start</c>. The input's tokens are not known yet; <c>message_delta</c> tells them.</summary>
    public void WriteMessageStart(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model)
    {
        var span = Begin(id.Length + model.Length);
        Put(span, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\""u8);
        Put(span, id);
        Put(span, "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\""u8);
        Put(span, model);
        Put(span, "\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}}\n\n"u8);
        output.Advance(at);
    }

    /// <summary><c>content_block_start</c>.</summary>
    public void WriteBlockStart(int index, PartKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        var span = Begin(id.Length + name.Length);
        PutBlockStart(span, index);
        switch (kind)
        {
            case PartKind.ToolCall:
                Put(span, "tool_use\",\"id\":\""u8);
                Put(span, id);
                Put(span, "\",\"name\":\""u8);
                Put(span, name);
                Put(span, "\",\"input\":{}}}\n\n"u8);
                break;
            case PartKind.Thinking:
                Put(span, "thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n"u8);
                break;
            default:
                Put(span, "text\",\"text\":\"\"}}\n\n"u8);
                break;
        }
        output.Advance(at);
    }

    /// <summary>A whole <c>redacted_thinking</c> block but for its stop; the data comes in up to three pieces, with a colon behind the second.</summary>
    public void WriteRedacted(int index, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        var span = Begin(prefix.Length + id.Length + data.Length);
        PutBlockStart(span, index);
        Put(span, "redacted_thinking\",\"data\":\""u8);
        Put(span, prefix);
        Put(span, id);
        if (!prefix.IsEmpty) Put(span, ":"u8);
        Put(span, data);
        Put(span, "\"}}\n\n"u8);
        output.Advance(at);
    }

    /// <summary><c>content_block_delta</c> with a piece of the block's text.</summary>
    public void WriteDelta(int index, PartKind kind, ReadOnlySpan<byte> text)
    {
        var span = Begin(text.Length);
        PutDelta(span, index);
        Put(span, kind switch
        {
            PartKind.ToolCall => "input_json_delta\",\"partial_json\":\""u8,
            PartKind.Thinking => "thinking_delta\",\"thinking\":\""u8,
            _ => "text_delta\",\"text\":\""u8,
        });
        Put(span, text);
        Put(span, "\"}}\n\n"u8);
        output.Advance(at);
    }

    /// <summary><c>content_block_delta</c> with the proof of thoughts.</summary>
    public void WriteSignature(int index, ReadOnlySpan<byte> signature)
    {
        var span = Begin(signature.Length);
        PutDelta(span, index);
        Put(span, "signature_delta\",\"signature\":\""u8);
        Put(span, signature);
        Put(span, "\"}}\n\n"u8);
        output.Advance(at);
    }

    /// <summary><c>content_block_delta</c> with a source.</summary>
    public void WriteCitation(int index, ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> url, ReadOnlySpan<byte> title)
    {
        var span = Begin(quoted.Length + url.Length + title.Length);
        PutDelta(span, index);
        Put(span, "citations_delta\",\"citation\":{\"type\":\"web_search_result_location\",\"cited_text\":\""u8);
        Put(span, quoted);
        Put(span, "\",\"encrypted_index\":\"\",\"title\":\""u8);
        Put(span, title);
        Put(span, "\",\"url\":\""u8);
        Put(span, url);
        Put(span, "\"}}}\n\n"u8);
        output.Advance(at);
    }

    /// <summary><c>content_block_stop</c>.</summary>
    public void WriteBlockStop(int index)
    {
        var span = Begin(0);
        Put(span, "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"u8);
        PutNumber(span, index);
        Put(span, "}\n\n"u8);
        output.Advance(at);
    }

    /// <summary><c>message_delta</c>.</summary>
    public void WriteMessageDelta(ReadOnlySpan<byte> stopReason, ReadOnlySpan<byte> stopSequence, in TokenUsage usage)
    {
        var span = Begin(stopReason.Length + stopSequence.Length);
        Put(span, "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""u8);
        Put(span, stopReason);
        if (stopSequence.IsEmpty)
        {
            Put(span, "\",\"stop_sequence\":null},\"usage\":{\"input_tokens\":"u8);
        }
        else
        {
            Put(span, "\",\"stop_sequence\":\""u8);
            Put(span, stopSequence);
            Put(span, "\"},\"usage\":{\"input_tokens\":"u8);
        }
        PutNumber(span, usage.Input);
        Put(span, ",\"cache_creation_input_tokens\":"u8);
        PutNumber(span, usage.CacheWrite);
        Put(span, ",\"cache_read_input_tokens\":"u8);
        PutNumber(span, usage.CacheRead);
        Put(span, ",\"output_tokens\":"u8);
        PutNumber(span, usage.Output);
        if (usage.Reasoning > 0)
        {
            Put(span, ",\"output_tokens_details\":{\"thinking_tokens\":"u8);
            PutNumber(span, usage.Reasoning);
            Put(span, "}"u8);
        }
        Put(span, "}}\n\n"u8);
        output.Advance(at);
    }

    private Span<byte> Begin(int texts)
    {
        at = 0;
        return output.GetSpan(texts + Frame);
    }

    private void PutBlockStart(Span<byte> span, int index)
    {
        Put(span, "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"u8);
        PutNumber(span, index);
        Put(span, ",\"content_block\":{\"type\":\""u8);
    }

    private void PutDelta(Span<byte> span, int index)
    {
        Put(span, "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        PutNumber(span, index);
        Put(span, ",\"delta\":{\"type\":\""u8);
    }

    private void Put(Span<byte> span, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(span[at..]);
        at += bytes.Length;
    }

    private void PutNumber(Span<byte> span, long number)
    {
        Utf8Formatter.TryFormat(number, span[at..], out var written);
        at += written;
    }
}
