using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>Decides what goes over to the provider and what comes back, and watches the reply for its usage.</summary>
internal sealed class ForwardTransformer(Exchange exchange, AttemptTimer timer) : HttpTransformer
{
    // A WebSocket's silence is normal: people think between two sentences.
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(24);

    private readonly Forwarding forwarding = exchange.Forwarding!;

    /// <summary>What the reply says of its usage.</summary>
    public ReplyWatch Watch { get; private set; } = new(isStream: false);

    /// <summary>The provider's status; null = it has not answered.</summary>
    public int? Status { get; private set; }

    /// <summary>When the provider wants to be asked again, in seconds; null = it did not say.</summary>
    public int? RetryAfterSeconds { get; private set; }

    /// <summary>When the reply's headers were there, in microseconds since the request's arrival.</summary>
    public long? FirstByteUs { get; private set; }

    /// <summary>Why the request or the reply was not passed on; null = it was.</summary>
    public ProviderFailure? Failure { get; private set; }

    /// <inheritdoc />
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = forwarding.Address;
        ForwardHeaders.CopyToProvider(httpContext.Request.Headers, proxyRequest.Headers, IsUpgrade(httpContext));
        if (proxyRequest.Content is { } content)
        {
            if (httpContext.Request.ContentType is { } type) content.Headers.TryAddWithoutValidation("Content-Type", type);
            content.Headers.ContentLength = exchange.Request!.Body.Length;
        }
        if (forwarding.Authorization is not { } authorization) return;
        try
        {
            await authorization.ApplyAsync(proxyRequest, exchange.Request!.Body, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = CallFailures.NotAuthorized(exchange.Plan!.Candidates[0].Deployment);
            throw;
        }
    }

    /// <inheritdoc />
    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return new(false);
        FirstByteUs = exchange.ElapsedUs;
        Status = (int)proxyResponse.StatusCode;
        if (proxyResponse.Headers.RetryAfter is { Delta: { TotalSeconds: <= 86_400 } wait }) RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds);
        httpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        // The gateway's credential was refused: not the caller's to mend, and the reply may quote it.
        if (Status is 401 or 403 or 407)
        {
            Failure = forwarding.Module!.ReadFailure(new FailedReply { Status = Status == 407 ? 401 : Status.Value });
            return new(false);
        }

        var headers = httpContext.Response.Headers;
        ForwardHeaders.CopyToCaller(proxyResponse.Headers, headers);
        ForwardHeaders.CopyToCaller(proxyResponse.Content.Headers, headers);
        // A page from a provider must not be taken for one of the gateway's.
        headers.XContentTypeOptions = "nosniff";
        var deployment = exchange.Plan!.Candidates[0].Deployment;
        headers["x-gateway-provider"] = deployment.Provider.Slug;
        headers["x-gateway-deployment"] = deployment.Name;
        if (Status == StatusCodes.Status101SwitchingProtocols)
        {
            timer.Begin(LongestSession);
            return new(true);
        }
        var mediaType = proxyResponse.Content.Headers.ContentType?.MediaType;
        var isStream = string.Equals(mediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);
        if (isStream) headers["X-Accel-Buffering"] = "no";
        Watch = new ReplyWatch(isStream);
        var canRead = proxyResponse.IsSuccessStatusCode && proxyResponse.Content.Headers.ContentEncoding.Count == 0
            && (isStream || mediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true);
        proxyResponse.Content = new WatchedContent(proxyResponse.Content, exchange, timer, deployment.Provider.IdleTimeout, canRead ? Watch : null);
        return new(true);
    }

    /// <inheritdoc />
    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Whether a request asks for a WebSocket.</summary>
    public static bool IsUpgrade(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } && http.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
}
