using System.Globalization;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Egress;

/// <summary>The response headers that say what happened to a request; on streams as far as that is known when they are sent.</summary>
internal static class GatewayHeaders
{
    /// <summary>Sets what is known of any reply.</summary>
    public static void Set(Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        headers["x-request-id"] = exchange.RequestId;
        headers["x-gateway-route"] = exchange.Operation.Name;
        if (exchange.Plan is { } plan)
        {
            headers["x-gateway-model"] = plan.Model.Name;
            headers["x-gateway-route-reason"] = plan.Reason;
        }
        // Anthropic's SDKs show this one to their users.
        if (exchange.Operation.Dialect == Ingress.Dialect.Anthropic) headers["request-id"] = exchange.RequestId;
        if (exchange.Call.Dropped.Count > 0) headers["x-gateway-dropped"] = exchange.Call.Dropped.ToString();
        if (exchange.Call.AttemptCount > 0) headers["x-gateway-attempts"] = Number(exchange.Call.AttemptCount);
        SetGuardrails(exchange);
        if (exchange.Cache is { } cache)
        {
            headers["x-gateway-cache"] = cache.Status;
            if (cache.Similarity is { } similarity) headers["x-gateway-cache-similarity"] = similarity.ToString("0.000", CultureInfo.InvariantCulture);
        }
        if (exchange.Reservation is { } reservation) LimitHeaders.Set(headers, reservation);
    }

    /// <summary>Sets what guardrails found: types and counts.</summary>
    public static void SetGuardrails(Exchange exchange)
    {
        if (exchange.Screened?.Tally is { Lines.Count: > 0 } tally) exchange.Http.Response.Headers["x-gateway-guardrails"] = tally.ToHeader();
    }

    /// <summary>Sets who answers.</summary>
    public static void SetServed(Exchange exchange, ProviderReply reply)
    {
        var headers = exchange.Http.Response.Headers;
        headers["x-gateway-deployment"] = reply.Candidate.Deployment.Name;
        headers["x-gateway-provider"] = reply.Candidate.Deployment.Provider.Slug;
        headers["x-gateway-upstream-ms"] = Milliseconds(exchange.Call.UpstreamUs);
    }

    /// <summary>Sets what it took.</summary>
    public static void SetSpend(Exchange exchange, Spend spend)
    {
        var headers = exchange.Http.Response.Headers;
        var latency = exchange.ElapsedUs;
        headers["x-gateway-cost-usd"] = UsdFormat.Of(spend.CostNanoUsd);
        headers["x-gateway-input-tokens"] = Number(spend.Usage.TotalInput);
        headers["x-gateway-output-tokens"] = Number(spend.Usage.Output);
        headers["x-gateway-latency-ms"] = Milliseconds(latency);
        headers["x-gateway-overhead-ms"] = Milliseconds(Math.Max(0, latency - exchange.Call.UpstreamUs));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>With up to two decimals. By hand: the general formatting of fractions was the dearest part of the headers in a profile.</summary>
    private static string Milliseconds(long microseconds)
    {
        var hundredths = (microseconds + 5) / 10;
        Span<char> text = stackalloc char[24];
        (hundredths / 100).TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        if (hundredths % 100 is var rest and not 0)
        {
            text[length++] = '.';
            text[length++] = (char)('0' + rest / 10);
            if (rest % 10 != 0) text[length++] = (char)('0' + rest % 10);
        }
        return new string(text[..length]);
    }
}
