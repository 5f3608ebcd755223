using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// Says what an error means (OpenAI, "Error codes", and what vendors of its protocol answer). What the caller can mend is passed on in the provider's own
/// words, shortened and without anything that looks like a key; everything else is said in ours, because it is the gateway's business and may hold what
/// callers must not see.
/// </summary>
internal static class OpenAiFailureReader
{
    // Words of OpenAI, vLLM, Groq, Together, xAI, llama.cpp, Mistral and Fireworks for the same thing, which not all of them give a code.
    private static readonly string[] TooLong =
    [
        "maximum context length", "context length", "context window", "context size", "too many tokens", "prompt is too long", "input is too long",
        "maximum prompt length", "reduce the length of the messages", "exceeds the model's maximum",
    ];

    private static readonly string[] Filtered =
        ["content management policy", "content policy", "usage policy", "content exists risk", "was flagged", "safety system", "moderation"];

    /// <summary>The failure that a status and its body mean.</summary>
    public static ProviderFailure Read(int status, int? retryAfterSeconds, ReadOnlySpan<byte> body) =>
        Of(status, retryAfterSeconds, OpenAiError.In(body));

    /// <summary>A stream that reports a failure, at its beginning or later.</summary>
    public static ProviderFailure InStream(ReadOnlySpan<byte> eventData)
    {
        var error = OpenAiError.In(eventData);
        var status = error.Status ?? (error.Code ?? error.Type) switch
        {
            "rate_limit_exceeded" or "rate_limit_error" or "insufficient_quota" or "tokens" or "requests" => 429,
            "invalid_api_key" or "authentication_error" or "permission_error" => 401,
            "model_not_found" or "not_found_error" => 404,
            "overloaded" or "overloaded_error" or "service_unavailable" or "engine_overloaded" or "server_is_overloaded" or "slow_down" => 503,
            "invalid_request_error" or "BadRequestError" or "context_length_exceeded" or "content_filter" or "content_policy_violation" or "invalid_prompt" => 400,
            _ => 500,
        };
        return status >= 500 && status != 503
            ? new("server_error", TryNext: true, Refusal.UpstreamError("The provider reported a failure instead of an answer. Try again."))
            : Of(status, null, error);
    }

    private static ProviderFailure Of(int status, int? retryAfterSeconds, OpenAiError error)
    {
        switch (status)
        {
            // Groq: more tokens in one request than a minute allows.
            case 413 when error.Is("rate_limit_exceeded"):
            case 400 or 429 when error.Is("insufficient_quota"):
            case 402 or 429:
                return new("rate_limited", TryNext: true, Refusal.RateLimited(
                    "The provider's own rate limit or quota is reached. Try again later, or choose a model of another provider.", retryAfterSeconds ?? 5));
            case 400 or 413 or 422 or 403 or 500 when IsTooLong(status, error):
                return new("context_length", TryNext: false, Refusal.RejectedByProvider(400, "context_length_exceeded", Rejection(status, error), error.Param));
            case 400 or 422 or 403 when IsFiltered(status, error):
                return new("content_filter", TryNext: false, Refusal.RejectedByProvider(400, "content_filter", Rejection(status, error), error.Param));
            case 400 or 404 when error.Is("model_not_found") || error.Is("model_decommissioned"):
            case 404:
                return new("not_found", TryNext: true, Refusal.UpstreamError(
                    "The provider does not know the model or route of this deployment (404). A platform engineer must check the deployment in the portal under Models."));
            case 400 or 413 or 422:
                return new("rejected", TryNext: false, Refusal.RejectedByProvider(status == 413 ? 413 : 400, CodeOf(status, error), Rejection(status, error), error.Param));
            case 401 or 403:
                return new("unauthorized", TryNext: true, Refusal.UpstreamError(
                    $"The provider refused the gateway's credential ({status}). Your key is fine; a platform engineer must renew the provider's credential in the portal."));
            case 408 or 504:
                return new("timeout", TryNext: true, Refusal.UpstreamTimeout($"The provider gave up on the request ({status}). Try again."));
            case 503 or 529 or 498:
                return new("overloaded", TryNext: true, Refusal.NoHealthyDeployment("The provider is overloaded. Try again in a moment, or choose a model of another provider."));
            case >= 500:
                return new("server_error", TryNext: true, Refusal.UpstreamError($"The provider failed ({status}). Try again shortly."));
            default:
                return new("rejected", TryNext: false, Refusal.UpstreamError($"The provider answered with the unexpected status {status}."));
        }
    }

    private static bool IsTooLong(int status, OpenAiError error) =>
        error.Is("context_length_exceeded") || error.Is("string_above_max_length") || error.Is("exceed_context_size_error")
        || (status is 400 or 413 or 422 && error.Says(TooLong));

    private static bool IsFiltered(int status, OpenAiError error) =>
        error.Is("content_filter") || error.Is("content_policy_violation") || error.Is("invalid_prompt") || error.Is("moderation_blocked")
        || (status is 400 or 403 && error.Says(Filtered));

    private static string Rejection(int status, OpenAiError error) =>
        "The provider rejected the request: " + (ProviderMessage.Clean(error.Message) ?? $"it answered {status} without saying why.");

    private static string CodeOf(int status, OpenAiError error) =>
        error.Is("unsupported_parameter") ? "unsupported_parameter" : status == 413 ? "request_too_large" : "invalid_request_error";
}
