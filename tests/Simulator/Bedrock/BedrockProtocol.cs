using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>What all operations of Bedrock share: signature, errors, binary stream.</summary>
internal abstract class BedrockProtocol(TimeProvider clock) : IProtocol
{
    public string StreamContentType => "application/vnd.amazon.eventstream";

    /// <summary>A frame with an intact envelope whose payload is not JSON, so that what follows can still be read.</summary>
    public ReadOnlyMemory<byte> Garbage { get; } = GarbageFrame();

    public string? KeyOf(HttpRequest request) => SignatureCheck.KeyOf(request);

    public Refusal? Authorise(HttpRequest request, byte[] body) => SignatureCheck.Check(request, body, clock.GetUtcNow());

    public abstract ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal);

    /// <summary>Bedrock ends an answer that a guardrail or a filter stops; it is no error.</summary>
    public Directives Adapt(Directives directives) => directives.Failure == FailureKind.ContentPolicy
        ? directives with { Failure = null, FinishReason = directives.FinishReason ?? "content_filtered" }
        : directives;

    public Refusal Describe(FailureKind failure, string model) => failure switch
    {
        FailureKind.ContextLength => new Refusal(400, "Input is too long for requested model."),
        FailureKind.ContentPolicy => new Refusal(400, "Output blocked by content filtering policy"),
        FailureKind.RateLimit => new Refusal(429, "Too many requests, please wait before trying again."),
        FailureKind.Quota => new Refusal(400, "You have exceeded your service quota.", "ServiceQuotaExceededException"),
        FailureKind.Overloaded => new Refusal(503, "The service is temporarily unavailable.", "ServiceUnavailableException"),
        FailureKind.BadKey => new Refusal(403, "The security token included in the request is invalid.", "UnrecognizedClientException"),
        _ => new Refusal(400, "The provided model identifier is invalid."),
    };

    public void WriteError(IBufferWriter<byte> into, Refusal refusal) => WireJson.WriteObject(into, writer => writer.WriteString("message", refusal.Message));

    public void AddHeaders(IHeaderDictionary headers, string requestId, Refusal? refusal)
    {
        headers["x-amzn-RequestId"] = requestId;
        if (refusal is { } error) headers["x-amzn-errortype"] = $"{ExceptionOf(error)}:http://internal.amazon.com/coral/com.amazon.bedrock/";
    }

    /// <summary>The model in the path, its escapes undone (<c>%3A</c> is the colon of a version, <c>%2F</c> stands in ARNs).</summary>
    protected static string ModelOf(HttpRequest request) => Uri.UnescapeDataString((string)request.RouteValues["modelId"]!);

    /// <summary>The name of an error in an HTTP reply.</summary>
    public static string ExceptionOf(Refusal refusal) => refusal.Code is { } code && code.EndsWith("Exception", StringComparison.OrdinalIgnoreCase) ? code : refusal.Status switch
    {
        401 => "UnrecognizedClientException",
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        >= 500 => "InternalServerException",
        _ => "ValidationException",
    };

    private static byte[] GarbageFrame()
    {
        var buffer = new ArrayBufferWriter<byte>();
        EventStreamFrame.WriteEvent(buffer, "contentBlockDelta", "{\"contentBlockIndex\":0,\"del"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
