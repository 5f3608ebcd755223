using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>Reads a reply so far that it can be said whether it stands: a whole one to its end, a stream up to its first event.</summary>
internal readonly struct ReplyOpener(Candidate candidate, IProviderModule module, AttemptRequest request, AttemptTimer timer, HttpResponseMessage response, TimeSpan idle)
{
    /// <summary>Largest whole reply, in bytes.</summary>
    public const int MaxReplyBytes = 64 * 1024 * 1024;

    /// <summary>Reads a whole reply.</summary>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure)> WholeAsync(Stream stream)
    {
        var provider = candidate.Deployment.Provider;
        var body = await PooledBody.ReadAsync(stream, response.Content.Headers.ContentLength, MaxReplyBytes, timer, idle);
        if (body is null) return (null, CallFailures.TooLarge(provider, MaxReplyBytes));
        var facts = new ReplyFacts { MediaType = response.Content.Headers.ContentType?.MediaType };
        if (request.Direct is { } direct)
        {
            if (direct.TryReadReply(body.Span, facts))
                return (new ProviderReply(candidate, module, timer, response, facts) { Direct = direct, Body = body }, null);
            body.Dispose();
            return (null, CallFailures.Malformed(provider) with { Usage = facts.Usage });
        }
        using (body) return Translated(body.Span, facts);
    }

    /// <summary>Reads the first bytes of a reply that is passed on as it comes. A reply that is text is not what was asked for.</summary>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure)> FirstBytesAsync(Stream stream)
    {
        var provider = candidate.Deployment.Provider;
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        if (mediaType is null || !(mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || mediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)))
            return (null, CallFailures.Malformed(provider));
        var bytes = new ByteStream(stream, timer, idle);
        var keep = false;
        try
        {
            if (!await bytes.ReadAsync()) return (null, CallFailures.Broken(provider));
            keep = true;
            return (new ProviderReply(candidate, module, timer, response, new ReplyFacts { MediaType = mediaType }) { Bytes = bytes, Direct = request.Direct }, null);
        }
        finally
        {
            if (!keep) bytes.Dispose();
        }
    }

    /// <summary>Reads a stream's first event. A comment (some send them as heartbeats while they queue) is not an answer yet, but no reason to give up either.</summary>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure)> FirstEventAsync(Stream stream)
    {
        var provider = candidate.Deployment.Provider;
        if (response.Content.Headers.ContentType?.MediaType != EventStream.MediaTypeOf(module.Framing)) return (null, CallFailures.Malformed(provider));
        var events = new EventStream(stream, timer, idle, module.Framing);
        var keep = false;
        try
        {
            ProviderFailure? failure = null;
            while (!HasDataEvent(events, ref failure))
                if (!await events.ReadAsync()) return (null, events.IsEnded ? CallFailures.Broken(provider) : CallFailures.Malformed(provider));
            if (failure is not null) return (null, failure);
            keep = true;
            return (new ProviderReply(candidate, module, timer, response, new ReplyFacts())
            {
                Events = events, Direct = request.Direct, StreamReader = request.Chat?.OpenStream(),
            }, null);
        }
        finally
        {
            if (!keep) events.Dispose();
        }
    }

    private (ProviderReply? Reply, ProviderFailure? Failure) Translated(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        if (module.RejectionIn(body) is { } rejection)
        {
            // The prompt was read and is billed; the reply says so, and nothing else that counts.
            if (request.Chat is { } reader) reader.TryReadReply(body, new FactsSink(facts, new ReplyBuilder()));
            return (null, rejection with { Usage = facts.Usage });
        }
        if (request.Chat is { } chat)
        {
            var whole = new ReplyBuilder();
            if (!chat.TryReadReply(body, new FactsSink(facts, whole))) return (null, CallFailures.Malformed(candidate.Deployment.Provider) with { Usage = facts.Usage });
            facts.IsFinished = true;
            return (new ProviderReply(candidate, module, timer, response, facts) { Chat = whole.Finish() }, null);
        }
        var vectors = new EmbeddingsReply();
        if (!request.Embeddings!.TryReadReply(body, vectors)) return (null, CallFailures.Malformed(candidate.Deployment.Provider));
        facts.Usage = vectors.Usage;
        facts.ServedModel = vectors.Model.IsEmpty ? null : vectors.Model.ToString();
        facts.IsFinished = true;
        return (new ProviderReply(candidate, module, timer, response, facts) { Embeddings = vectors }, null);
    }

    private bool HasDataEvent(EventStream events, ref ProviderFailure? failure)
    {
        while (events.TryPeek(out var frame))
        {
            var data = events.DataOf(frame, out _);
            if (!data.IsEmpty)
            {
                failure = module.FailureIn(data);
                if (failure is not null && request.Chat is { } chat)
                {
                    // As with a whole reply: the prompt was read and is billed.
                    var facts = new ReplyFacts();
                    chat.OpenStream().Read(data, new FactsSink(facts, new ReplyBuilder()));
                    failure = failure with { Usage = facts.Usage };
                }
                return true;
            }
            events.Take(frame.Length);
        }
        return false;
    }
}
