using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Gemini;

/// <summary>Google's errors: <c>google.rpc.Status</c> with its details.</summary>
internal static class GeminiErrors
{
    private const int UsualRetrySeconds = 30;
    private const string TypePrefix = "type.googleapis.com/google.rpc.";

    private static readonly (string Name, int Http)[] Names =
    [
        ("INVALID_ARGUMENT", 400), ("FAILED_PRECONDITION", 400), ("UNAUTHENTICATED", 401), ("PERMISSION_DENIED", 403), ("NOT_FOUND", 404),
        ("RESOURCE_EXHAUSTED", 429), ("CANCELLED", 499), ("INTERNAL", 500), ("UNIMPLEMENTED", 501), ("UNAVAILABLE", 503), ("DEADLINE_EXCEEDED", 504),
    ];

    public static void Write(IBufferWriter<byte> into, Refusal refusal)
    {
        var scripted = Array.Find(Names, n => n.Name == refusal.Code);
        var status = scripted.Name is not null && refusal.Status == 500 ? scripted.Http : refusal.Status;
        WireJson.WriteObject(into, writer =>
        {
            writer.WriteStartObject("error");
            writer.WriteNumber("code", status);
            writer.WriteString("message", refusal.Message);
            writer.WriteString("status", scripted.Name ?? NameOf(status));
            WriteDetails(writer, refusal, status);
            writer.WriteEndObject();
        });
    }

    /// <summary>A failure in Google's words.</summary>
    public static Refusal Describe(FailureKind failure, string model) => failure switch
    {
        FailureKind.ContextLength => new Refusal(400, "The input token count (1100000) exceeds the maximum number of tokens allowed (1048576)."),
        FailureKind.ContentPolicy => new Refusal(400, "The prompt is blocked due to prohibited contents"),
        FailureKind.RateLimit => new Refusal(429, $"You exceeded your current quota. Please migrate or retry. * Quota exceeded for metric: generate_content_requests, limit: 15, model: {model}"),
        FailureKind.Quota => new Refusal(429, "You exceeded your current quota, please check your plan and billing details."),
        FailureKind.Overloaded => new Refusal(503, "The model is overloaded. Please try again later."),
        FailureKind.BadKey => new Refusal(400, "API key not valid. Please pass a valid API key."),
        _ => new Refusal(404, $"models/{model} is not found for API version v1beta, or is not supported for generateContent."),
    };

    private static string NameOf(int status)
    {
        foreach (var (name, http) in Names)
            if (http == status) return name;
        return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
    }

    private static void WriteDetails(Utf8JsonWriter writer, Refusal refusal, int status)
    {
        if (status == 429)
        {
            writer.WriteStartArray("details");
            writer.WriteStartObject();
            writer.WriteString("@type", TypePrefix + "QuotaFailure");
            writer.WriteStartArray("violations");
            writer.WriteStartObject();
            writer.WriteString("quotaMetric", "generativelanguage.googleapis.com/generate_content_requests");
            writer.WriteString("quotaId", refusal.Failure == FailureKind.Quota ? "GenerateRequestsPerDayPerProject" : "GenerateRequestsPerMinutePerProject");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteStartObject();
            writer.WriteString("@type", TypePrefix + "RetryInfo");
            writer.WriteString("retryDelay", $"{refusal.RetryAfter ?? UsualRetrySeconds}s");
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        else if (refusal.Failure == FailureKind.BadKey)
        {
            writer.WriteStartArray("details");
            writer.WriteStartObject();
            writer.WriteString("@type", TypePrefix + "ErrorInfo");
            writer.WriteString("reason", "API_KEY_INVALID");
            writer.WriteString("domain", "googleapis.com");
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
    }
}
