using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>What the shapes of OpenAI's protocol have in common.</summary>
internal static class OpenAiJson
{
    /// <summary>Seconds since 1970 at which the simulator's models were "created".</summary>
    public const long ModelsCreated = 1_700_000_000;

    public static string? BearerOf(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && header.Length > scheme.Length
            ? header[scheme.Length..].Trim()
            : null;
    }

    public static void WriteError(IBufferWriter<byte> into, Refusal refusal) => WireJson.WriteObject(into, writer =>
    {
        writer.WriteStartObject("error");
        writer.WriteString("message", refusal.Message);
        writer.WriteString("type", TypeOf(refusal));
        writer.WriteString("param", refusal.Param);
        writer.WriteString("code", refusal.Code ?? CodeOf(refusal.Status));
        writer.WriteEndObject();
    });

    /// <summary>A failure in OpenAI's words.</summary>
    public static Refusal Describe(FailureKind failure, string model) => failure switch
    {
        FailureKind.ContextLength => new Refusal(400,
            "This model's maximum context length is 128000 tokens. However, your messages resulted in 128700 tokens. Please reduce the length of the messages.",
            "context_length_exceeded", "messages"),
        FailureKind.ContentPolicy => new Refusal(400, "Your request was rejected by the safety system.", "content_policy_violation"),
        FailureKind.RateLimit => new Refusal(429, $"Rate limit reached for {model} on requests per min (RPM): Limit 500, Used 500, Requested 1.", "rate_limit_exceeded"),
        FailureKind.Quota => new Refusal(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota"),
        FailureKind.Overloaded => new Refusal(503, "The server is currently overloaded, please try again later."),
        FailureKind.BadKey => new Refusal(401, "Incorrect API key provided.", "invalid_api_key"),
        _ => new Refusal(404, $"The model `{model}` does not exist or you do not have access to it.", "model_not_found"),
    };

    private static string TypeOf(Refusal refusal) => refusal.Status switch
    {
        429 when refusal.Failure == FailureKind.Quota => "insufficient_quota",
        429 => "requests",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string? CodeOf(int status) => status switch
    {
        401 => "invalid_api_key",
        429 => "rate_limit_exceeded",
        _ => null,
    };
}
