using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// Reads an error reply (OpenAI, "Error codes"). What the caller can mend is passed on in the provider's own words, shortened and without anything
/// that looks like a key; everything else is said in ours, because it is the gateway's business and may hold what callers must not see.
/// </summary>
internal static class OpenAiFailureReader
{
    /// <summary>The failure that a status and its body mean.</summary>
    public static ProviderFailure Read(int status, int? retryAfterSeconds, ReadOnlySpan<byte> body)
    {
        switch (status)
        {
            case 400 or 413 or 422:
                var (message, code, param) = ErrorIn(body);
                return new("rejected", TryNext: false, Refusal.RejectedByProvider(
                    status == 413 ? 413 : 400, CodeOf(status, code), "The provider rejected the request: " + (message ?? $"it answered {status} without saying why."), param));
            case 401 or 403:
                return new("unauthorized", TryNext: true, Refusal.UpstreamError(
                    $"The provider refused the gateway's credential ({status}). Your key is fine; a platform engineer must renew the provider's credential in the portal."));
            case 404:
                return new("not_found", TryNext: true, Refusal.UpstreamError(
                    "The provider does not know the model or route of this deployment (404). A platform engineer must check the deployment in the portal under Models."));
            case 408 or 504:
                return new("timeout", TryNext: true, Refusal.UpstreamTimeout($"The provider gave up on the request ({status}). Try again."));
            case 429:
                return new("rate_limited", TryNext: true, Refusal.RateLimited(
                    "The provider's own rate limit or quota is reached, on every deployment that could serve. Try again later.", retryAfterSeconds ?? 5));
            case >= 500:
                return new("server_error", TryNext: true, Refusal.UpstreamError($"The provider failed ({status}). Try again shortly."));
            default:
                return new("rejected", TryNext: false, Refusal.UpstreamError($"The provider answered with the unexpected status {status}."));
        }
    }

    /// <summary>A stream that begins with an error instead of an answer.</summary>
    public static ProviderFailure InStream() =>
        new("server_error", TryNext: true, Refusal.UpstreamError("The provider reported a failure instead of an answer. Try again."));

    private static string CodeOf(int status, string? code) => code switch
    {
        "context_length_exceeded" => "context_length_exceeded",
        "content_filter" or "content_policy_violation" => "content_filter",
        "unsupported_parameter" => "unsupported_parameter",
        _ => status == 413 ? "request_too_large" : "invalid_request_error",
    };

    private static (string? Message, string? Code, string? Param) ErrorIn(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return default;
            using (document)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error"u8, out var error)) return default;
                if (error.ValueKind == JsonValueKind.String) return (ProviderMessage.Clean(error.GetString()), null, null);
                return error.ValueKind == JsonValueKind.Object ? (ProviderMessage.Clean(Text(error, "message"u8)), Text(error, "code"u8), Text(error, "param"u8)) : default;
            }
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
