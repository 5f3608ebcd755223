using System.Diagnostics;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>The one place that talks to providers: sends one attempt, bounds every wait, and says in a value how it went.</summary>
internal sealed class ProviderCaller(ProviderClients clients, CredentialVault vault)
{
    /// <summary>Largest whole reply, in bytes.</summary>
    public const int MaxReplyBytes = 64 * 1024 * 1024;

    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>
    /// One attempt. 1. Find the protocol and open the credential. 2. Send. 3. An error status is read by the module. 4. A whole reply is read to its end;
    /// a stream up to its first event, so that a stream that begins with an error can still be tried elsewhere. Exactly one of the results is not null.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> TryAsync(Exchange exchange, Candidate candidate)
    {
        var startUs = exchange.ElapsedUs;
        long? firstByteUs = null;
        int? status = null;
        var provider = candidate.Deployment.Provider;
        if (ProviderModules.Find(provider.Protocol) is not { } module) return Failed(CallFailures.ProtocolUnknown(provider));
        if (!vault.TryAuthorize(candidate.Deployment, module, out var authorization)) return Failed(CallFailures.CredentialUnreadable(candidate.Deployment));

        var facts = exchange.Request!;
        var client = clients.Of(provider);
        var timer = new AttemptTimer(DeadlineOf(exchange), exchange.Http.RequestAborted);
        HttpResponseMessage? response = null;
        var stands = false;
        try
        {
            timer.Begin(provider.ConnectTimeout + provider.FirstByteTimeout);
            using var request = new HttpRequestMessage(HttpMethod.Post, client.AddressOf(exchange.Operation.UpstreamPath))
            {
                Version = System.Net.HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                Content = new SplicedContent(facts, module.EditRequest(facts, candidate.Deployment.UpstreamModelJson)),
            };
            if (authorization is { } header) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            response = await client.SendAsync(request, timer.Token);
            firstByteUs = exchange.ElapsedUs;
            status = (int)response.StatusCode;

            var stream = response.Content.ReadAsStream(CancellationToken.None);
            if (!response.IsSuccessStatusCode)
            {
                using var error = await PooledBody.ReadAsync(stream, null, MaxErrorBytes, timer, provider.IdleTimeout);
                return Failed(module.ReadFailure(status.Value, RetryAfterOf(response), error is null ? default : error.Span));
            }

            var reply = facts.Stream
                ? await FirstEventAsync(stream, response, candidate, module, timer)
                : await WholeAsync(stream, response, candidate, module, timer);
            stands = reply.Reply is not null;
            return stands ? (reply.Reply, null, AttemptOf("ok")) : Failed(reply.Failure!);
        }
        catch (OperationCanceledException) when (timer.TimedOut)
        {
            return Failed(CallFailures.Timeout(provider, hasReply: firstByteUs is not null));
        }
        catch (HttpRequestException fault)
        {
            return Failed(CallFailures.Of(provider, fault));
        }
        catch (IOException fault)
        {
            return Failed(CallFailures.Of(provider, fault));
        }
        finally
        {
            if (!stands)
            {
                response?.Dispose();
                timer.Dispose();
            }
        }

        Attempt AttemptOf(string outcome) => new(candidate, startUs, firstByteUs, exchange.ElapsedUs, status, outcome);

        (ProviderReply?, ProviderFailure?, Attempt) Failed(ProviderFailure failure) => (null, failure, AttemptOf(failure.Outcome));
    }

    private static async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure)> WholeAsync(
        Stream stream, HttpResponseMessage response, Candidate candidate, IProviderModule module, AttemptTimer timer)
    {
        var provider = candidate.Deployment.Provider;
        var body = await PooledBody.ReadAsync(stream, response.Content.Headers.ContentLength, MaxReplyBytes, timer, provider.IdleTimeout);
        if (body is null) return (null, CallFailures.TooLarge(provider, MaxReplyBytes));
        var facts = new ReplyFacts();
        if (module.TryReadReply(body.Span, facts)) return (new ProviderReply(candidate, module, timer, response, facts) { Body = body }, null);
        body.Dispose();
        return (null, CallFailures.Malformed(provider));
    }

    private static async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure)> FirstEventAsync(
        Stream stream, HttpResponseMessage response, Candidate candidate, IProviderModule module, AttemptTimer timer)
    {
        var provider = candidate.Deployment.Provider;
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") return (null, CallFailures.Malformed(provider));
        var events = new EventStream(stream, timer, provider.IdleTimeout);
        var keep = false;
        try
        {
            // A comment (some send them as heartbeats while they queue) is not an answer yet, but it is no reason to give up either.
            var isFailure = false;
            while (!HasDataEvent(events, module, ref isFailure))
                if (!await events.ReadAsync()) return (null, CallFailures.Broken(provider));
            if (isFailure) return (null, CallFailures.FailedInStream(provider));
            keep = true;
            return (new ProviderReply(candidate, module, timer, response, new ReplyFacts()) { Events = events }, null);
        }
        finally
        {
            if (!keep) events.Dispose();
        }
    }

    private static bool HasDataEvent(EventStream events, IProviderModule module, ref bool isFailure)
    {
        while (events.TryPeek(out var sseEvent))
        {
            var data = SseScanner.DataOf(sseEvent, out _);
            if (!data.IsEmpty)
            {
                isFailure = module.IsFailure(data);
                return true;
            }
            events.Take(sseEvent.Length);
        }
        return false;
    }

    private static long DeadlineOf(Exchange exchange) =>
        exchange.Request!.Timeout is { } timeout
            ? Stopwatch.GetTimestamp() + (long)((timeout.TotalMicroseconds - exchange.ElapsedUs) * Stopwatch.Frequency / 1e6)
            : long.MaxValue;

    private static int? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delta && delta.TotalSeconds is >= 0 and <= 86_400 ? (int)Math.Ceiling(delta.TotalSeconds) : null;
}
