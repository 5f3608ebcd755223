using System.Globalization;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Reads errors: a <c>google.rpc.Status</c> under <c>error</c>, alone or in an array (Google, "AIP-193 Errors"; Gemini API, "Troubleshooting"). What the caller
/// can mend is passed on in the provider's words; the rest is the gateway's business and said in ours.
/// </summary>
internal static class GeminiFailureReader
{
    private const int DefaultRetrySeconds = 5, LongestRetrySeconds = 86_400;

    /// <summary>The failure that an error reply means.</summary>
    public static ProviderFailure Read(int status, int? retryAfterSeconds, ReadOnlySpan<byte> body)
    {
        var error = ErrorIn(body);
        return Of(status, error, retryAfterSeconds ?? error.RetryAfterSeconds);
    }

    /// <summary>The failure that an event or a body with a good status means.</summary>
    public static ProviderFailure In(ReadOnlySpan<byte> json)
    {
        var error = ErrorIn(json);
        return Of(error.Code is >= 400 and < 600 and var code ? code : 500, error, error.RetryAfterSeconds);
    }

    private static ProviderFailure Of(int status, Error error, int? retryAfterSeconds)
    {
        switch (error.Status ?? "", status)
        {
            case ("INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE", _) or (_, 400 or 413 or 422):
                return OfRequest(status, error);
            case ("UNAUTHENTICATED" or "PERMISSION_DENIED", _) or (_, 401 or 403):
                return Unauthorized(status);
            case ("NOT_FOUND", _) or (_, 404):
                return new("not_found", TryNext: true, Refusal.UpstreamError(
                    "The provider does not know the model of this deployment (404). A platform engineer must check the deployment in the portal under Models."));
            case ("RESOURCE_EXHAUSTED", _) or (_, 429):
                return new("rate_limited", TryNext: true, Refusal.RateLimited(
                    "The provider's own rate limit or quota is reached. Try again later, or choose a model of another provider.", retryAfterSeconds ?? DefaultRetrySeconds));
            case ("DEADLINE_EXCEEDED", _) or (_, 408 or 504):
                return new("timeout", TryNext: true, Refusal.UpstreamTimeout($"The provider gave up on the request ({status}). Try again."));
            case ("UNAVAILABLE", _) or (_, 503):
                return new("overloaded", TryNext: true, Refusal.NoHealthyDeployment("The provider is overloaded. Try again in a moment, or choose a model of another provider."));
            case (_, >= 500):
                return new("server_error", TryNext: true, Refusal.UpstreamError($"The provider failed ({status}). Try again shortly."));
            default:
                return new("rejected", TryNext: false, Refusal.UpstreamError($"The provider answered with the unexpected status {status}."));
        }
    }

    /// <summary>One status stands for faults of the request, of the key and of the place: reasons and words tell them apart.</summary>
    private static ProviderFailure OfRequest(int status, Error error)
    {
        var message = error.Message ?? "";
        if (error.Reason is not null && (error.Reason.StartsWith("API_KEY_", StringComparison.Ordinal) || error.Reason is "ACCESS_TOKEN_EXPIRED" or "CREDENTIALS_MISSING")
            || Has(message, "API key not valid") || Has(message, "API key expired") || Has(message, "API Key not found"))
            return Unauthorized(status);
        if (Has(message, "location is not supported"))
        {
            return new("rejected", TryNext: true, Refusal.UpstreamError(
                "The provider does not serve the place where this deployment is called from. A platform engineer must use a region or provider that does."));
        }

        var shown = "The provider rejected the request: " + (ProviderMessage.Clean(error.Message) ?? $"it answered {status} without saying why.");
        if (IsTooLong(message)) return new("context_length", TryNext: false, Refusal.RejectedByProvider(400, "context_length_exceeded", shown, null));
        if (Has(message, "Responsible AI") || Has(message, "blocked by") && (Has(message, "safety") || Has(message, "policy") || Has(message, "filter")))
            return new("content_filter", TryNext: false, Refusal.RejectedByProvider(400, "content_filter", shown, null));
        return new("rejected", TryNext: false, Refusal.RejectedByProvider(
            status == 413 ? 413 : 400, status == 413 ? "request_too_large" : "invalid_request_error", shown, null));
    }

    private static bool IsTooLong(string message) =>
        Has(message, "token") && (Has(message, "exceeds the maximum") || Has(message, "exceeds the limit") || Has(message, "token limit")
            || Has(message, "up to") && Has(message, "but got") || Has(message, "supports up to"));

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static ProviderFailure Unauthorized(int status) =>
        new("unauthorized", TryNext: true, Refusal.UpstreamError(
            $"The provider refused the gateway's credential ({status}). Your key is fine; a platform engineer must renew the provider's credential in the portal."));

    private static Error ErrorIn(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return default;
            using (document)
            {
                var root = document.RootElement;
                if (root is { ValueKind: JsonValueKind.Array } && root.GetArrayLength() > 0) root = root[0];
                return Member(root, "error"u8) is { } error ? ReadError(error) : default;
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text that is not Unicode.
            return default;
        }
    }

    private static Error ReadError(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String) return new(null, null, error.GetString(), null, null);
        string? reason = null;
        int? retry = null;
        if (Member(error, "details"u8) is { ValueKind: JsonValueKind.Array } details)
        {
            foreach (var detail in details.EnumerateArray())
            {
                reason ??= Text(detail, "reason"u8);
                retry ??= Seconds(Text(detail, "retryDelay"u8));
            }
        }
        int? code = Member(error, "code"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;
        return new(code, Text(error, "status"u8), Text(error, "message"u8), reason, retry);
    }

    /// <summary>Seconds of a <c>google.protobuf.Duration</c> such as <c>34.4s</c>, rounded up.</summary>
    private static int? Seconds(string? duration) =>
        duration is [.., 's'] && double.TryParse(duration.AsSpan(0, duration.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= LongestRetrySeconds
            ? (int)Math.Ceiling(seconds)
            : null;

    private static JsonElement? Member(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private readonly record struct Error(int? Code, string? Status, string? Message, string? Reason, int? RetryAfterSeconds);
}
