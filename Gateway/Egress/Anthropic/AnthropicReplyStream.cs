using System.Buffers;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Anthropic;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>
/// Writes a stream as Anthropic's callers read it ("Streaming Messages"): one content block after the other, numbered without gaps. A part that begins while
/// another is being written waits in memory until its turn, within a bound; beyond it the stream fails visibly.
/// </summary>
internal sealed class AnthropicReplyStream : IReplyStreamWriter
{
    private readonly SseWriter output;
    private readonly Guid exchange;
    private readonly string upstreamModel;
    private readonly List<WaitingPart> waiting = [];
    private readonly SignatureBuffer signature = new();
    private bool isStarted, hasCalls, hasRefusal, isFailed;
    private int blocks, waitingBytes;

    // The part being written; -1 = none.
    private int openPart = -1;
    private PartKind openKind;
    private byte[] openId = [];

    private FinishReason? reason;
    private byte[] stopSequence = [];
    private TokenUsage usage;

    /// <summary>Writes to an output.</summary>
    public AnthropicReplyStream(in ReplyContext context, IBufferWriter<byte> output)
    {
        this.output = new SseWriter(output);
        exchange = context.Id;
        upstreamModel = context.Model;
    }

    /// <summary>What may wait at most, in bytes: the arguments of tool calls that come mixed.</summary>
    public const int MaxWaitingBytes = 8 * 1024 * 1024;

    /// <summary>The event that ends a stream.</summary>
    public static ReadOnlySpan<byte> StopEvent => "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8;

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        if (isFailed || replyEvent.Choice != 0) return;
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.Delta when replyEvent.Part == openPart && openKind != PartKind.RedactedThinking:
                if (!replyEvent.Text.IsEmpty) output.WriteDelta(blocks, openKind, replyEvent.Text);
                break;
            case ReplyEventKind.Start:
                Start(replyEvent.Id, replyEvent.Name);
                break;
            case ReplyEventKind.Usage:
                usage = replyEvent.Usage;
                break;
            case ReplyEventKind.Finish:
                reason = replyEvent.FinishReason;
                stopSequence = replyEvent.Text.ToArray();
                break;
            case ReplyEventKind.PartStart:
                Begin(replyEvent);
                break;
            case ReplyEventKind.Delta or ReplyEventKind.Signature or ReplyEventKind.Citation or ReplyEventKind.PartStop:
                if (replyEvent.Part == openPart) WriteOpen(replyEvent);
                else Keep(replyEvent);
                break;
        }
    }

    /// <inheritdoc />
    public void WriteClosing()
    {
        if (isFailed) return;
        Start(default, default);
        while (openPart >= 0) CloseOpen();
        if (hasRefusal && (reason is null or FinishReason.Stop)) reason = FinishReason.Refusal;
        output.WriteMessageDelta(AnthropicWords.StopReasonOf(reason, hasCalls), stopSequence, usage);
    }

    /// <inheritdoc />
    public void WriteTerminal()
    {
        if (!isFailed) output.Write(StopEvent);
    }

    private void Start(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model)
    {
        if (isStarted) return;
        isStarted = true;
        var named = model.IsEmpty ? JsonText.Of(upstreamModel).Escaped : model;
        output.WriteMessageStart(AnthropicIds.Message(id, exchange), named);
    }

    private void Begin(in ReplyEvent replyEvent)
    {
        Start(default, default);
        hasCalls |= replyEvent.PartKind == PartKind.ToolCall;
        hasRefusal |= replyEvent.PartKind == PartKind.Refusal;
        var id = replyEvent.PartKind == PartKind.ToolCall ? AnthropicIds.Call(replyEvent.Id, exchange, replyEvent.Part).ToArray() : [];
        if (openPart < 0)
        {
            Open(replyEvent.Part, replyEvent.PartKind, id, replyEvent.Name);
            return;
        }
        waiting.Add(new WaitingPart(replyEvent.Part, replyEvent.PartKind, id, replyEvent.Name.ToArray()));
        CountWaiting(replyEvent.Id.Length + replyEvent.Name.Length + 100);
    }

    private void Open(int part, PartKind kind, byte[] id, ReadOnlySpan<byte> name)
    {
        openPart = part;
        openKind = kind;
        openId = id;
        signature.Clear();
        // Ciphertext stands in the start itself, so it is written when it is whole.
        if (kind != PartKind.RedactedThinking) output.WriteBlockStart(blocks, kind, id, name);
    }

    private void WriteOpen(in ReplyEvent replyEvent)
    {
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.PartStop:
                CloseOpen();
                break;
            case ReplyEventKind.Citation:
                if (!replyEvent.Id.IsEmpty && openKind == PartKind.Text) output.WriteCitation(blocks, replyEvent.Text, replyEvent.Id, replyEvent.Name);
                break;
            case ReplyEventKind.Signature or ReplyEventKind.Delta:
                // Clients take the last signature for the whole one, so its pieces are joined; the ciphertext's likewise.
                signature.Append(replyEvent.Text);
                CountWaiting(replyEvent.Text.Length);
                break;
        }
    }

    private void CloseOpen()
    {
        if (openKind == PartKind.RedactedThinking)
        {
            output.WriteRedacted(blocks, default, default, signature.Text);
        }
        else if (openKind == PartKind.Thinking && !signature.Text.IsEmpty)
        {
            output.WriteSignature(blocks, signature.Text);
        }
        output.WriteBlockStop(blocks++);
        if (openKind == PartKind.ToolCall && !signature.Text.IsEmpty)
        {
            output.WriteRedacted(blocks, Ingress.Anthropic.ToolSignature.Prefix, openId, signature.Text);
            output.WriteBlockStop(blocks++);
        }
        waitingBytes -= signature.Text.Length;
        signature.Clear();
        openPart = -1;
        OpenNext();
    }

    /// <summary>Gives the turn to the part that has waited longest, with all that has come for it.</summary>
    private void OpenNext()
    {
        if (waiting.Count == 0) return;
        var next = waiting[0];
        waiting.RemoveAt(0);
        waitingBytes -= next.Bytes;
        Open(next.Part, next.Kind, next.Id, next.Name);
        if (!next.Text.IsEmpty)
        {
            if (next.Kind == PartKind.RedactedThinking) signature.Append(next.Text);
            else output.WriteDelta(blocks, next.Kind, next.Text);
        }
        if (!next.Signature.IsEmpty) signature.Append(next.Signature);
        waitingBytes += signature.Text.Length;
        if (next.IsStopped) CloseOpen();
    }

    private void Keep(in ReplyEvent replyEvent)
    {
        foreach (var part in waiting)
        {
            if (part.Part != replyEvent.Part) continue;
            if (replyEvent.Kind == ReplyEventKind.PartStop) part.IsStopped = true;
            else if (replyEvent.Kind != ReplyEventKind.Citation) CountWaiting(part.Append(replyEvent));
            return;
        }
    }

    private void CountWaiting(int bytes)
    {
        waitingBytes += bytes;
        if (waitingBytes <= MaxWaitingBytes) return;
        isFailed = true;
        waiting.Clear();
        output.Write("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The provider mixes more tool calls than the gateway can put in order. Ask for fewer at once.\"}}\n\n"u8);
    }
}
