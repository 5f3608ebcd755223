using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>
/// Takes a stream down while it flows, so that it can be kept as a whole reply: of a translated one its neutral events, of one that passes its events as they come (of
/// Responses the whole reply that the last event holds). One that grows too long is let go.
/// </summary>
internal sealed class ReplyRecorder : IReplySink
{
    private readonly ReplyBuilder whole = new();
    private readonly IChatStreamReader? reader;
    private readonly int mostBytes;
    private IReplySink? next;
    private byte[]? response;
    private long bytes;
    private bool isOver, isEnded;

    private ReplyRecorder(int mostBytes, IChatStreamReader? reader) => (this.mostBytes, this.reader) = (mostBytes, reader);

    /// <summary>Opens one where the reply may be kept; null = it is not.</summary>
    public static ReplyRecorder? Open(Exchange exchange, ProviderReply reply)
    {
        if (exchange.Cache is not { MayKeep: true } cache || exchange.Operation.Kind != OperationKind.Chat) return null;
        var isRead = reply.Direct is not null && exchange.Operation.Dialect != Dialect.OpenAiResponses;
        if (isRead && (reply.Module.Framing != ReplyFraming.ServerSentEvents || reply.Module.Chat is null)) return null;
        var recorder = new ReplyRecorder(cache.Terms.MaxEntryBytes, isRead ? reply.Module.Chat!.OpenStream() : null);
        cache.Recorder = recorder;
        return recorder;
    }

    /// <summary>Stands before another sink, which gets every event.</summary>
    public IReplySink Before(IReplySink sink)
    {
        next = sink;
        return this;
    }

    /// <summary>Takes the data of an event that passes in the caller's dialect.</summary>
    public void TakeEvent(ReadOnlySpan<byte> data)
    {
        if (isOver || isEnded) return;
        if (reader is null)
        {
            if (ResponsesStreamReader.TypeOf(data).SequenceEqual("response.completed"u8)) TakeResponse(data);
            return;
        }
        var step = reader.Read(data, this);
        isEnded = step == StreamStep.Done;
        isOver |= step == StreamStep.Failed;
    }

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        if (!isOver)
        {
            bytes += replyEvent.Text.Length + replyEvent.Logprobs.Length + replyEvent.Id.Length + replyEvent.Name.Length;
            if (bytes > mostBytes) isOver = true;
            else whole.Take(replyEvent);
        }
        next?.Take(replyEvent);
    }

    /// <summary>The whole reply of a stream that ended well: as bytes in the caller's dialect, or in neutral words. Neither: it cannot be kept.</summary>
    public (byte[]? Body, ChatReply? Chat) Finish()
    {
        if (isOver) return default;
        if (response is not null) return (response, null);
        // A provider may close without its end mark.
        if (reader is not null && !isEnded && (reader.End(this) != StreamStep.Done || isOver)) return default;
        return (null, whole.Reply.Choices.Count > 0 ? whole.Finish() : null);
    }

    private void TakeResponse(ReadOnlySpan<byte> data)
    {
        isEnded = true;
        var at = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            at.Read();
            while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
            {
                var isResponse = at.ValueTextEquals("response"u8);
                at.Read();
                var start = (int)at.TokenStartIndex;
                at.Skip();
                if (!isResponse) continue;
                if (at.BytesConsumed - start <= mostBytes) response = data[start..(int)at.BytesConsumed].ToArray();
                else isOver = true;
            }
        }
        catch (JsonException)
        {
            isOver = true;
        }
    }
}
