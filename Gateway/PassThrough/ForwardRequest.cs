using System.Diagnostics;
using System.Runtime.InteropServices;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>Passes the request on and the reply back, WebSockets included, or answers the refusal that ended the journey.</summary>
internal sealed class ForwardRequest(IHttpForwarder forwarder, ProviderClients clients, CredentialWatch credentials) : IReply
{
    private const int CallerLeftStatus = 499;

    private static readonly ForwarderRequestConfig Usual = new()
    {
        // Every wait is bounded by the attempt's own timer; this one would cut WebSockets that are merely silent.
        ActivityTimeout = Timeout.InfiniteTimeSpan, Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private static readonly ForwarderRequestConfig Upgrade = Usual with { Version = System.Net.HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <inheritdoc />
    public async Task ReplyAsync(Exchange exchange)
    {
        if (exchange.Reply.CallerLeft)
        {
            exchange.Reply.StatusCode = CallerLeftStatus;
            return;
        }
        GatewayHeaders.Set(exchange);
        if (exchange.Refusal is { } refusal)
        {
            await SendReply.RefuseAsync(exchange, refusal);
            return;
        }
        await ForwardAsync(exchange);
    }

    /// <summary>
    /// 1. Put the body that was read back before the forwarder. 2. Forward. 3. Nothing has gone out: the failure becomes a refusal. 4. A provider's error has gone
    /// out as it was: only the books are told. 5. Else the reply stands, with what it said of its usage.
    /// </summary>
    private async Task ForwardAsync(Exchange exchange)
    {
        var http = exchange.Http;
        var candidate = exchange.Plan!.Candidates[0];
        var provider = candidate.Deployment.Provider;
        var startUs = exchange.ElapsedUs;
        var timer = new AttemptTimer(DeadlineOf(exchange), http.RequestAborted);
        var stands = false;
        try
        {
            // 1
            PutBack(exchange);
            // 2
            exchange.Call.InFlight = candidate;
            timer.Begin(provider.ConnectTimeout + provider.FirstByteTimeout);
            var transformer = new ForwardTransformer(exchange, timer);
            var error = await forwarder.SendAsync(
                http, "http://unused/", clients.Of(provider).Invoker, ForwardTransformer.IsUpgrade(http) ? Upgrade : Usual, transformer, timer.Token);
            exchange.Call.UpstreamUs = exchange.ElapsedUs - startUs;
            exchange.Reply.StatusCode = http.Response.StatusCode;

            // 3
            if (transformer.Failure is not null || transformer.Status is null)
            {
                if (!timer.TimedOut) http.RequestAborted.ThrowIfCancellationRequested();
                exchange.Call.InFlight = null;
                await RefuseAsync(exchange, transformer.Failure ?? FailureOf(exchange, timer));
                return;
            }

            exchange.Call.InFlight = null;
            var outcome = OutcomeOf(exchange, transformer, timer, error);
            Note(outcome);
            // 4
            if (transformer.Status >= 400)
            {
                exchange.Refusal = Refusal.RejectedByProvider(transformer.Status.Value, CodeOf(transformer.Status.Value), "The provider refused the request; its reply was passed on.", null);
                return;
            }
            // 5
            stands = true;
            exchange.Call.Standing = new ProviderReply(PricedBy(exchange, transformer), exchange.Forwarding!.Module!, timer, null, FactsOf(exchange, transformer));

            void Note(string outcome)
            {
                var place = exchange.Call.CredentialPlace;
                exchange.Call.Add(new Attempt(candidate, startUs, transformer.FirstByteUs, exchange.ElapsedUs, transformer.Status, outcome) { CredentialPlace = place });
                credentials.Failed(exchange.Caller!.Organisation.Id, candidate.Deployment, place, outcome, transformer.RetryAfterSeconds);
            }

            async Task RefuseAsync(Exchange exchange, ProviderFailure failure)
            {
                Note(failure.Outcome);
                exchange.Refusal = failure.Refusal;
                http.Response.Clear();
                GatewayHeaders.Set(exchange);
                await SendReply.RefuseAsync(exchange, failure.Refusal);
            }
        }
        finally
        {
            if (!stands) timer.Dispose();
        }
    }

    private static void PutBack(Exchange exchange)
    {
        var request = exchange.Http.Request;
        var body = exchange.Request!.Body;
        // What was read lies in an array always.
        if (body.IsEmpty || !MemoryMarshal.TryGetArray(body, out var bytes)) return;
        request.Body = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        request.Headers.TransferEncoding = default;
        request.ContentLength = body.Length;
    }

    private static ProviderFailure FailureOf(Exchange exchange, AttemptTimer timer)
    {
        var provider = exchange.Plan!.Candidates[0].Deployment.Provider;
        if (timer.TimedOut) return CallFailures.Timeout(provider, hasReply: false);
        return exchange.Http.Features.Get<IForwarderErrorFeature>()?.Exception is { } fault ? CallFailures.Of(provider, fault) : CallFailures.Broken(provider);
    }

    private static string OutcomeOf(Exchange exchange, ForwardTransformer transformer, AttemptTimer timer, ForwarderError error)
    {
        if (exchange.Reply.BrokenBecause is { } known) return known;
        if (exchange.Http.RequestAborted.IsCancellationRequested && error != ForwarderError.None && !timer.TimedOut && !IsProvidersFault(error))
        {
            exchange.Reply.CallerLeft = true;
            return "caller_left";
        }
        if (error != ForwarderError.None)
        {
            exchange.Reply.BrokenBecause = timer.TimedOut ? "timeout" : "broken";
            return exchange.Reply.BrokenBecause;
        }
        return transformer.Status switch
        {
            < 400 => "ok",
            429 => "rate_limited",
            404 => "not_found",
            >= 500 => "server_error",
            _ => "rejected",
        };
    }

    // The forwarder aborts the caller's connection when a reply breaks off, so that an abort alone says nothing.
    private static bool IsProvidersFault(ForwarderError error) =>
        error is ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeResponseDestination or ForwarderError.UpgradeRequestDestination;

    private static string CodeOf(int status) => status switch
    {
        404 => "route_not_found",
        413 => "request_too_large",
        429 => "rate_limit_exceeded",
        >= 500 => "upstream_error",
        _ => "invalid_request_error",
    };

    private static ReplyFacts FactsOf(Exchange exchange, ForwardTransformer transformer)
    {
        var watch = transformer.Watch;
        var facts = new ReplyFacts { ServedModel = watch.ServedModel, IsFinished = exchange.Reply is { BrokenBecause: null, CallerLeft: false }, ContentEvents = watch.Events };
        // Where a model worked and nothing was said, the books estimate and flag it; where none did, the request has its price and that is all.
        facts.Usage = watch.Usage.Tokens ?? (exchange.Forwarding!.IsInference && transformer.Status is not (>= 300) ? null : default(TokenUsage));
        if (facts.Usage is null && watch.Events < 2) facts.ContentBytes = exchange.Reply.Bytes;
        return facts;
    }

    /// <summary>The price of the model that the reply names, where the request named none.</summary>
    private static Candidate PricedBy(Exchange exchange, ForwardTransformer transformer)
    {
        var planned = exchange.Plan!.Candidates[0];
        if (exchange.Plan.RequestedModel is not null || transformer.Watch.ServedModel is not { } served) return planned;
        return exchange.Caller!.Organisation.DirectModels.TryGetValue($"{planned.Deployment.Provider.Slug}/{served}", out var model)
            ? new Candidate(model.Deployments[0], model.Deployments[0].PriceAt(exchange.ArrivedAt), null)
            : planned;
    }

    private static long DeadlineOf(Exchange exchange) =>
        exchange.Request!.Timeout is { } timeout
            ? Stopwatch.GetTimestamp() + (long)((timeout.TotalMicroseconds - exchange.ElapsedUs) * Stopwatch.Frequency / 1e6)
            : long.MaxValue;
}
