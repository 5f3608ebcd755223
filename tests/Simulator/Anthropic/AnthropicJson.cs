using System.Buffers;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Anthropic;

/// <summary>What the shapes of Anthropic's protocol have in common: credential, version, errors, headers.</summary>
internal static class AnthropicJson
{
    /// <summary>The version that today's SDKs name; it knows no temperature, top_p and top_k any more.</summary>
    public const string NewVersion = "2026-10-21";

    public static string? KeyOf(HttpRequest request) =>
        request.Headers["x-api-key"].ToString() is { Length: > 0 } key ? key : OpenAiJson.BearerOf(request);

    public static Refusal? Authorise(HttpRequest request)
    {
        if (KeyOf(request) is null) return new Refusal(401, "x-api-key header is required");
        if (request.Headers["anthropic-version"].Count == 0) return new Refusal(400, "anthropic-version: header is required");
        return request.Headers["anthropic-version"].ToString() is "2023-01-01" or "2023-06-01" or NewVersion
            ? null
            : new Refusal(400, $"anthropic-version: \"{request.Headers["anthropic-version"]}\" is not a valid version");
    }

    public static void WriteError(IBufferWriter<byte> into, Refusal refusal) => WireJson.WriteObject(into, writer =>
    {
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        writer.WriteString("type", TypeOf(refusal));
        writer.WriteString("message", refusal.Message);
        writer.WriteEndObject();
        writer.WriteString("request_id", refusal.RequestId);
    });

    public static void AddHeaders(IHeaderDictionary headers, string requestId, Refusal? refusal)
    {
        headers["request-id"] = requestId;
        headers["anthropic-organization-id"] = "00000000-0000-4000-8000-000000000001";
        var isRateLimit = refusal is { Status: 429 };
        foreach (var (kind, limit) in (ReadOnlySpan<(string, string)>)[("requests", "1000"), ("input-tokens", "400000"), ("output-tokens", "80000")])
        {
            headers[$"anthropic-ratelimit-{kind}-limit"] = limit;
            headers[$"anthropic-ratelimit-{kind}-remaining"] = isRateLimit ? "0" : limit;
            headers[$"anthropic-ratelimit-{kind}-reset"] = "2030-01-01T00:00:00Z";
        }

        if (refusal is { Status: >= 400 and < 500 and not 429 }) headers["x-should-retry"] = "false";
        if (refusal is { Status: 429 or >= 500 }) headers["x-should-retry"] = "true";
    }

    /// <summary>A failure in Anthropic's words.</summary>
    public static Refusal Describe(FailureKind failure, string model) => failure switch
    {
        FailureKind.ContextLength => new Refusal(400, "prompt is too long: 210000 tokens > 200000 maximum"),
        FailureKind.ContentPolicy => new Refusal(400, "Output blocked by content filtering policy"),
        FailureKind.RateLimit => new Refusal(429, "This request would exceed your organization's rate limit of 50 requests per minute."),
        FailureKind.Quota => new Refusal(400, "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
        FailureKind.Overloaded => new Refusal(529, "Overloaded"),
        FailureKind.BadKey => new Refusal(401, "invalid x-api-key"),
        _ => new Refusal(404, $"model: {model}"),
    };

    private static string TypeOf(Refusal refusal) => refusal.Code is { } code && code.EndsWith("_error", StringComparison.Ordinal) ? code : refusal.Status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => refusal.Code ?? "invalid_request_error",
    };
}
