using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Reads error replies and exceptions inside streams (Amazon Bedrock API reference, "Converse" and "ConverseStream", errors). The kind stands in the
/// header <c>x-amzn-errortype</c>, in the body's <c>__type</c>, or in a frame's header; the status decides where none of them says anything.
/// </summary>
internal static class BedrockFailureReader
{
    /// <summary>An error reply.</summary>
    public static ProviderFailure Read(in FailedReply reply)
    {
        var (type, message) = ErrorIn(reply.Body);
        return Of(NameOf(reply.AmazonErrorType) ?? NameOf(type) ?? "", reply.Status, reply.RetryAfterSeconds, message);
    }

    /// <summary>An exception or error frame.</summary>
    public static ProviderFailure InStream(in BedrockFrame frame)
    {
        var (_, message) = ErrorIn(frame.Payload);
        if (message is null && !frame.ErrorMessage.IsEmpty) message = Encoding.UTF8.GetString(frame.ErrorMessage);
        return Of(NameOf(Encoding.UTF8.GetString(frame.Type)) ?? "", 0, null, message);
    }

    // Frames write throttlingException, replies ThrottlingException.
    private static ProviderFailure Of(string name, int status, int? retryAfterSeconds, string? message) => name.ToLowerInvariant() switch
    {
        "validationexception" or "badrequestexception" or "serializationexception" => Rejected(status, message),
        "throttlingexception" or "throttledexception" or "toomanyrequestsexception" or "servicequotaexceededexception" or "requestlimitexceeded" => RateLimited(retryAfterSeconds),
        "accessdeniedexception" or "unrecognizedclientexception" or "invalidsignatureexception" or "incompletesignatureexception" or "incompletesignature" or "expiredtokenexception"
            or "expiredtoken" or "missingauthenticationtokenexception" or "missingauthenticationtoken" or "invalidclienttokenid" or "notauthorized" => Unauthorized(name),
        "resourcenotfoundexception" or "unknownoperationexception" => NotFound(),
        "modelnotreadyexception" or "serviceunavailableexception" => Overloaded(),
        "modeltimeoutexception" => new("timeout", TryNext: true, Refusal.UpstreamTimeout("The provider's model took too long and was given up. Try again, or ask for less at once.")),
        "modelerrorexception" or "modelstreamerrorexception" => ServerError("The provider's model failed on the request. Try again."),
        "internalserverexception" or "internalfailure" => ServerError("The provider failed. Try again shortly."),
        _ => OfStatus(status, retryAfterSeconds, message),
    };

    private static ProviderFailure OfStatus(int status, int? retryAfterSeconds, string? message) => status switch
    {
        400 or 413 or 422 => Rejected(status, message),
        401 or 403 => Unauthorized($"{status}"),
        404 => NotFound(),
        408 or 504 => new("timeout", TryNext: true, Refusal.UpstreamTimeout($"The provider gave up on the request ({status}). Try again.")),
        429 => RateLimited(retryAfterSeconds),
        503 => Overloaded(),
        0 or 424 or >= 500 => ServerError("The provider failed. Try again shortly."),
        _ => new("rejected", TryNext: false, Refusal.UpstreamError($"The provider answered with the unexpected status {status}.")),
    };

    private static ProviderFailure Rejected(int status, string? message)
    {
        var words = "The provider rejected the request: " + (ProviderMessage.Clean(message) ?? "it did not say why.");
        if (Says(message, "input is too long", "prompt is too long", "too many input tokens", "input tokens exceeded", "maximum context length", "context length of", "exceed context limit",
            "exceeds the maximum number of tokens", "too large for model"))
            return new("context_length", TryNext: false, Refusal.RejectedByProvider(400, "context_length_exceeded", words, null));
        if (Says(message, "content filter", "content filtering policy", "blocked by guardrail", "responsible ai", "violates our usage"))
            return new("content_filter", TryNext: false, Refusal.RejectedByProvider(400, "content_filter", words, null));
        // Faults of the deployment that come as faults of the request: the caller can mend none of them.
        if (Says(message, "model identifier is invalid", "on-demand throughput isn", "reached the end of its life", "marked by provider as legacy", "invocation of model id"))
            return NotFound();
        return new("rejected", TryNext: false, status == 413
            ? Refusal.RejectedByProvider(413, "request_too_large", words, null)
            : Refusal.RejectedByProvider(400, "invalid_request_error", words, null));
    }

    private static ProviderFailure RateLimited(int? retryAfterSeconds) =>
        new("rate_limited", TryNext: true, Refusal.RateLimited(
            "The provider's own rate limit or quota is reached. Try again later, or choose a model of another provider.", retryAfterSeconds ?? 5));

    private static ProviderFailure Unauthorized(string why) =>
        new("unauthorized", TryNext: true, Refusal.UpstreamError(
            $"The provider refused the gateway's credential ({why}). Your key is fine; a platform engineer must check the provider's credential, its region, and its access to the model."));

    private static ProviderFailure NotFound() =>
        new("not_found", TryNext: true, Refusal.UpstreamError(
            "The provider does not serve the model of this deployment in its region. A platform engineer must check the deployment in the portal under Models; many models need an inference profile's id, such as us.<model>."));

    private static ProviderFailure Overloaded() =>
        new("overloaded", TryNext: true, Refusal.NoHealthyDeployment("The provider is overloaded or still loading the model. Try again in a moment, or choose a model of another provider."));

    private static ProviderFailure ServerError(string words) => new("server_error", TryNext: true, Refusal.UpstreamError(words));

    private static bool Says(string? message, params ReadOnlySpan<string> phrases)
    {
        if (message is null) return false;
        foreach (var phrase in phrases)
            if (message.Contains(phrase, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    // "ThrottlingException:http://internal..." and "com.amazon.coral.service#ThrottlingException" are both written. What ends up in a message must be a plain name.
    private static string? NameOf(string? type)
    {
        if (string.IsNullOrEmpty(type)) return null;
        var name = type.AsSpan(type.IndexOf('#') + 1);
        if (name.IndexOf(':') is var colon and >= 0) name = name[..colon];
        if (name.IsEmpty || name.Length > 64) return null;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c)) return null;
        return name.ToString();
    }

    private static (string? Type, string? Message) ErrorIn(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, BedrockJson.Options);
        string? type = null, message = null;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (BedrockJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("Message"u8)) message = Words(ref reader) ?? message;
                else if (reader.ValueTextEquals("__type"u8)) type = Words(ref reader);
                else BedrockJson.PassOver(ref reader);
            }
            return (type, message);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return (type, message);
        }
        catch (InvalidOperationException)
        {
            // A text that is not UTF-8.
            return (type, message);
        }
    }

    private static string? Words(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }
}
