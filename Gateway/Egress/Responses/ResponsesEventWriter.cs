using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>
/// Frames the events of one stream and numbers them from 0. A piece of text, which nearly all events are, is written around bytes that are built once per
/// part; any other event through a JSON writer between <see cref="Begin"/> and <see cref="End"/>.
/// </summary>
/// <param name="output">Where the events go.</param>
internal sealed class ResponsesEventWriter(IBufferWriter<byte> output) : IDisposable
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The number of the next event.</summary>
    public long Number { get; private set; }

    /// <summary>Writes the fields of the event that was begun.</summary>
    public Utf8JsonWriter Json { get; } = new(output, Plain);

    /// <summary>Begins an event.</summary>
    public void Begin(ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        Json.Reset();
        Json.WriteStartObject();
        Json.WriteString("type"u8, type);
        Json.WriteNumber("sequence_number"u8, Number++);
    }

    /// <summary>Begins an event about a part.</summary>
    public void BeginAt(ReadOnlySpan<byte> type, PartPlace place)
    {
        Begin(type);
        Json.WriteString("item_id"u8, place.ItemId);
        Json.WriteNumber("output_index"u8, place.Index);
    }

    /// <summary>Ends the event that was begun.</summary>
    public void End()
    {
        Json.WriteEndObject();
        Json.Flush();
        output.Write("\n\n"u8);
    }

    /// <summary>Writes a piece of a part's text.</summary>
    /// <param name="place">The part.</param>
    /// <param name="text">The text, escaped.</param>
    /// <param name="logprobs">Log probabilities of its tokens, only of words; empty = none.</param>
    public void WriteDelta(PartPlace place, ReadOnlySpan<byte> text, ReadOnlySpan<byte> logprobs)
    {
        var head = place.DeltaHead;
        var at = place.DeltaPlace;
        var tail = logprobs.IsEmpty ? place.DeltaTail : "\",\"logprobs\":["u8;
        var span = output.GetSpan(head.Length + 20 + at.Length + text.Length + tail.Length);
        head.CopyTo(span);
        var length = head.Length;
        Utf8Formatter.TryFormat(Number++, span[length..], out var digits);
        length += digits;
        at.CopyTo(span[length..]);
        length += at.Length;
        text.CopyTo(span[length..]);
        length += text.Length;
        tail.CopyTo(span[length..]);
        output.Advance(length + tail.Length);
        if (logprobs.IsEmpty) return;
        output.Write(logprobs);
        output.Write("]}\n\n"u8);
    }

    /// <inheritdoc />
    public void Dispose() => Json.Dispose();
}
