using System.Buffers;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Providers.Cascades;

/// <summary>Reads an answer to its end so that a gate can look at it, and leaves it as it came: a stream's events come again to whoever sends it on.</summary>
internal static class AnswerReader
{
    /// <summary>The longest stream that is held, in bytes as the provider sends it. A longer one is not looked at and flows on.</summary>
    public const int MostHeld = 1024 * 1024;

    /// <summary>Reads an answer.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="facts">Gets what a stream says about itself, as far as it comes; a whole answer's facts are known.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public static ValueTask<ReadAnswer> ReadAsync(Exchange exchange, ProviderReply reply, ReplyFacts facts)
    {
        // What passes in a dialect that is not the protocol's usual one has a reader of its own.
        var (direct, chat) = (reply.Direct?.Answers, reply.Module.Chat);
        if (direct is null && chat is null) return new(new ReadAnswer(null, null));
        if (reply.Events is { } events) return StreamAsync(exchange, reply, direct, chat, events, facts);
        if (reply.Chat is { } known) return new(new ReadAnswer(known, null));
        var whole = new ReplyBuilder();
        var isRead = reply.Body is { } body && (direct is not null ? direct.TryRead(body.Span, whole) : chat!.TryReadReply(body.Span, whole));
        return new(new ReadAnswer(isRead ? whole.Finish() : null, null));
    }

    private static async ValueTask<ReadAnswer> StreamAsync(
        Exchange exchange, ProviderReply reply, IDirectAnswers? direct, IChatTranslator? chat, EventStream events, ReplyFacts facts)
    {
        var provider = reply.Candidate.Deployment.Provider;
        var whole = new ReplyBuilder(MostHeld);
        var reader = direct?.OpenStream(facts) ?? chat!.OpenStream();
        IReplySink sink = direct is null ? new FactsSink(facts, whole) : whole;
        // What is held does not stand yet.
        reply.Timer.Stand(ProviderCaller.TimestampOf(exchange, exchange.Call.StandByUs));
        using var taken = new PooledBufferWriter(16 * 1024);
        try
        {
            while (true)
            {
                switch (Take(events, reader, sink, taken))
                {
                    case StreamStep.Done:
                        events.Rewind(taken.Written.Span);
                        // One that ended and could not be read is not looked at.
                        return new(direct is null || whole.Reply.Choices.Count > 0 ? whole.Finish() : null, null);
                    case StreamStep.Failed:
                        return new(null, (reader.Failure ?? CallFailures.Broken(provider)) with { Usage = facts.Usage });
                }
                if (taken.Length + events.Pending > MostHeld)
                {
                    events.Rewind(taken.Written.Span);
                    reply.Timer.Stand(ProviderCaller.TimestampOf(exchange, exchange.Call.EndByUs));
                    return new(null, null);
                }
                if (!await events.ReadAsync() && !events.IsEnded) return new(null, CallFailures.Malformed(provider) with { Usage = facts.Usage });
            }
        }
        catch (OperationCanceledException) when (reply.Timer.TimedOut)
        {
            return new(null, CallFailures.Timeout(provider, hasReply: true) with { Usage = facts.Usage, IsCutByDeadline = reply.Timer.IsCutByDeadline });
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException && !exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return new(null, CallFailures.Broken(provider) with { Usage = facts.Usage });
        }
    }

    private static StreamStep Take(EventStream events, IChatStreamReader reader, IReplySink sink, PooledBufferWriter taken)
    {
        while (events.TryPeek(out var frame))
        {
            taken.Write(frame);
            var data = events.DataOf(frame, out _);
            var step = data.IsEmpty ? StreamStep.More : reader.Read(data, sink);
            events.Take(frame.Length);
            if (step != StreamStep.More) return step;
        }
        if (!events.IsEnded) return StreamStep.More;
        // The last event may lack its blank line; it stays where it is for the one who sends it on.
        if (!events.Rest.IsEmpty && events.DataOf(events.Rest, out _) is { IsEmpty: false } last && reader.Read(last, sink) is var end and not StreamStep.More) return end;
        return reader.End(sink) == StreamStep.Done ? StreamStep.Done : StreamStep.Failed;
    }
}

/// <summary>An answer as far as it could be read.</summary>
/// <param name="Chat">The whole of it; null = it cannot be looked at, or it failed.</param>
/// <param name="Failure">Why it broke off; null = it did not.</param>
internal readonly record struct ReadAnswer(ChatReply? Chat, ProviderFailure? Failure);
