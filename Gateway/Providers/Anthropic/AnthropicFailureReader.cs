using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// Reads errors (Anthropic, "Errors"), as whole replies and inside a stream. What the caller can mend is passed on in the provider's own words, cleaned;
/// the rest is the gateway's business and said in ours.
/// </summary>
internal static class AnthropicFailureReader
{
    private const int Overloaded = 529;

    /// <summary>The failure that a status and its body mean.</summary>
    public static ProviderFailure Read(int status, int? retryAfterSeconds, ReadOnlySpan<byte> body)
    {
        var (type, message) = ErrorIn(body);
        return Of(status, type, message, retryAfterSeconds);
    }

    /// <summary>The failure that an event of type <c>error</c> means, or one that makes no sense.</summary>
    public static ProviderFailure InStream(ReadOnlySpan<byte> data)
    {
        var (type, message) = ErrorIn(data);
        return Of(StatusOf(type), type, message, null);
    }

    private static ProviderFailure Of(int status, string? type, string? message, int? retryAfterSeconds)
    {
        if (type == "overloaded_error") status = Overloaded;
        switch (status)
        {
            // An empty account is answered with 400 and looks like the caller's fault, who can do nothing about it.
            case 402:
            case 400 when message is not null && message.Contains("credit balance", StringComparison.OrdinalIgnoreCase):
                return new("unauthorized", TryNext: true, Refusal.UpstreamError(
                    "The provider refuses to serve the gateway's account because of its billing. Your request is fine; a platform engineer must see to the account."));
            case 400 or 413 or 422:
                return Rejected(status, message);
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
                    "The provider's own rate limit or quota is reached. Try again later, or choose a model of another provider.", retryAfterSeconds ?? 5));
            case Overloaded or 503:
                return new("overloaded", TryNext: true, Refusal.NoHealthyDeployment("The provider is overloaded. Try again in a moment, or choose a model of another provider."));
            case >= 500:
                return new("server_error", TryNext: true, Refusal.UpstreamError($"The provider failed ({status}). Try again shortly."));
            default:
                return new("rejected", TryNext: false, Refusal.UpstreamError($"The provider answered with the unexpected status {status}."));
        }
    }

    private static ProviderFailure Rejected(int status, string? message)
    {
        var shown = "The provider rejected the request: " + (ProviderMessage.Clean(message) ?? $"it answered {status} without saying why.");
        if (status == 413) return new("rejected", TryNext: false, Refusal.RejectedByProvider(413, "request_too_large", shown, null));
        // The API has no codes beside its types; these are the words of its messages.
        if (Says(message, "prompt is too long") || Says(message, "exceed context limit") || Says(message, "context window"))
            return new("context_length", TryNext: false, Refusal.RejectedByProvider(400, "context_length_exceeded", shown, "messages"));
        if (Says(message, "content filtering policy") || Says(message, "usage policy") || Says(message, "usage policies"))
            return new("content_filter", TryNext: false, Refusal.RejectedByProvider(400, "content_filter", shown, null));
        return new("rejected", TryNext: false, Refusal.RejectedByProvider(400, "invalid_request_error", shown, ParamIn(message)));
    }

    private static bool Says(string? message, string words) => message?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Messages about a field begin with its path: <c>messages.0.content: ...</c>.</summary>
    private static string? ParamIn(string? message)
    {
        var colon = message?.IndexOf(": ", StringComparison.Ordinal) ?? -1;
        if (colon is < 1 or > 80) return null;
        var path = message![..colon];
        foreach (var c in path)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_')) return null;
        return path;
    }

    private static int StatusOf(string? type) => type switch
    {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "timeout_error" => 504,
        "overloaded_error" => Overloaded,
        _ => 500,
    };

    private static (string? Type, string? Message) ErrorIn(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, AnthropicJson.Options);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return default;
            using (document)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error"u8, out var error)) return default;
                if (error.ValueKind == JsonValueKind.String) return (null, error.GetString());
                return error.ValueKind == JsonValueKind.Object ? (Text(error, "type"u8), Text(error, "message"u8)) : default;
            }
        }
        catch (Exception fault) when (AnthropicJson.IsBadInput(fault))
        {
            return default;
        }
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
