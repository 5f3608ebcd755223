using System.Diagnostics;
using System.Globalization;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>The one place that talks to providers: sends one attempt, bounds every wait, and says in a value how it went.</summary>
internal sealed class ProviderCaller(ProviderClients clients, CredentialVault vault, TimeProvider time)
{
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>
    /// One attempt. 1. Find the protocol and open the credential. 2. Prepare the body. 3. Send. 4. An error status is read by the module. 5. A whole reply is
    /// read to its end; a stream up to its first event, so that a stream that begins with an error can still be tried elsewhere. Exactly one of the results
    /// is not null.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> TryAsync(Exchange exchange, Candidate candidate)
    {
        var startUs = exchange.ElapsedUs;
        long? firstByteUs = null;
        int? status = null;
        // Its own: of one request two may run at once.
        var place = CredentialSpread.None;
        var facts = exchange.Request!;
        var deployment = candidate.Deployment;
        var provider = deployment.Provider;
        if (ProviderModules.Find(provider.Protocol) is not { } module) return Failed(CallFailures.ProtocolUnknown(provider));
        if (exchange.Operation.Kind == OperationKind.CountTokens && module.DirectFor(exchange.Operation) is null)
            return (TokenCount.Estimate(facts, candidate, module), null, AttemptOf("estimated"));
        place = CredentialSpread.Choose(deployment, time, exchange.Prefix?.CredentialAt(deployment));
        if (!vault.TryAuthorize(deployment, place, module, out var authorization)) return Failed(CallFailures.CredentialUnreadable(deployment));
        if (module.TargetOf(exchange.Operation, deployment, facts.Stream) is not { } target) return Failed(CallFailures.ModelNameInvalid(deployment));
        if (!AttemptRequest.TryPrepare(exchange, candidate, module, out var prepared, out var unprepared)) return Failed(unprepared);

        var client = clients.Of(provider);
        var waits = AttemptWaits.Of(exchange, provider);
        var timer = new AttemptTimer(TimestampOf(exchange, exchange.Call.StandByUs), exchange.Call.Legs?.Stop ?? exchange.Http.RequestAborted);
        HttpResponseMessage? response = null;
        var stands = false;
        try
        {
            timer.BeginBounded(waits.Connect + waits.FirstToken);
            using var request = RequestOf(client, target, prepared, exchange);
            if (waits.Connect != provider.ConnectTimeout) request.Options.Set(ProviderClient.ConnectTimeout, waits.Connect);
            if (authorization is not null && !await TryAuthorizeAsync(authorization, request, prepared, timer)) return Failed(CallFailures.NotAuthorized(deployment));
            response = await client.SendAsync(request, timer.Token);
            firstByteUs = exchange.ElapsedUs;
            status = (int)response.StatusCode;

            var stream = response.Content.ReadAsStream(CancellationToken.None);
            if (!response.IsSuccessStatusCode)
            {
                using var error = await PooledBody.ReadAsync(stream, null, MaxErrorBytes, timer, waits.Idle);
                return Failed(ReadFailure(module, response, error));
            }

            // A whole answer has begun with its headers, a stream with its first event.
            if (!facts.Stream) timer.Stand(TimestampOf(exchange, exchange.Call.StandByUs));
            var reader = new ReplyOpener(candidate, module, prepared, timer, response, waits.Idle);
            var (reply, failure) = facts.Stream ? await reader.FirstEventAsync(stream)
                : exchange.Operation.ReplyForm == ReplyForm.Bytes ? await reader.FirstBytesAsync(stream)
                : await reader.WholeAsync(stream);
            stands = reply is not null;
            if (stands) timer.Stand(TimestampOf(exchange, exchange.Call.EndByUs));
            return stands ? (reply, null, AttemptOf("ok")) : Failed(failure!);
        }
        catch (OperationCanceledException) when (timer.TimedOut)
        {
            return Failed(CallFailures.Timeout(provider, hasReply: firstByteUs is not null) with { IsCutByDeadline = timer.IsCutByDeadline });
        }
        catch (OperationCanceledException) when (!exchange.Http.RequestAborted.IsCancellationRequested)
        {
            // The pool gave up on opening a connection.
            return Failed(CallFailures.Unreachable(provider));
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

        Attempt AttemptOf(string outcome) => new(candidate, startUs, firstByteUs, exchange.ElapsedUs, status, outcome) { CredentialPlace = place };

        (ProviderReply?, ProviderFailure?, Attempt) Failed(ProviderFailure failure) => (null, failure, AttemptOf(failure.Outcome));
    }

    private static HttpRequestMessage RequestOf(ProviderClient client, UpstreamTarget target, AttemptRequest prepared, Exchange exchange)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, client.AddressOf(target.Path))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = prepared.Content,
        };
        foreach (var (name, value) in target.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (prepared.Direct is null) return request;
        // What the caller says in headers means something only to a provider of the same dialect.
        foreach (var name in target.CallerHeaders)
        {
            if (!exchange.Http.Request.Headers.TryGetValue(name, out var given)) continue;
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)given);
        }
        return request;
    }

    /// <summary>False when no token could be had: whatever the token's source throws, it is the credential's trouble and not the caller's.</summary>
    private static async ValueTask<bool> TryAuthorizeAsync(IRequestAuthorization authorization, HttpRequestMessage request, AttemptRequest prepared, AttemptTimer timer)
    {
        try
        {
            await authorization.ApplyAsync(request, prepared.Body, timer.Token);
            return true;
        }
        catch (Exception) when (!timer.Token.IsCancellationRequested)
        {
            return false;
        }
    }

    private ProviderFailure ReadFailure(IProviderModule module, HttpResponseMessage response, PooledBody? error)
    {
        var retryAfter = RetryAfterOf(response);
        var failure = module.ReadFailure(new FailedReply
        {
            Status = (int)response.StatusCode,
            RetryAfterSeconds = retryAfter,
            AmazonErrorType = response.Headers.NonValidated.TryGetValues("x-amzn-errortype", out var type) ? type.ToString() : null,
            Body = error is null ? default : error.Span,
        });
        // An overload or an outage may say when it hopes to be over, too.
        return failure.TryNext ? failure with { Refusal = failure.Refusal.RetryAfter(retryAfter), ToldSeconds = retryAfter } : failure with { ToldSeconds = retryAfter };
    }

    /// <summary>The stopwatch's time at which a request is so old.</summary>
    public static long TimestampOf(Exchange exchange, long elapsedUs) =>
        elapsedUs == long.MaxValue ? long.MaxValue : Stopwatch.GetTimestamp() + (long)((elapsedUs - exchange.ElapsedUs) * (Stopwatch.Frequency / 1e6));

    /// <summary>RFC 9110 10.2.3 (seconds or a date), and the milliseconds that OpenAI and Azure send beside it.</summary>
    private int? RetryAfterOf(HttpResponseMessage response)
    {
        const int LongestSeconds = 86_400;
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ when response.Headers.NonValidated.TryGetValues("retry-after-ms", out var ms)
                && double.TryParse(ms.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= LongestSeconds * 1000.0
                => TimeSpan.FromMilliseconds(value),
            _ => TimeSpan.MinValue,
        };
        return wait >= TimeSpan.Zero && wait.TotalSeconds <= LongestSeconds ? (int)Math.Ceiling(wait.TotalSeconds) : null;
    }
}
