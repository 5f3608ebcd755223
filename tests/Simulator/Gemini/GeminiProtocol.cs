using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator.Gemini;

/// <summary>What all operations of Gemini share: credential, errors, stream.</summary>
internal abstract class GeminiProtocol(TokenIssuer tokens, bool isVertex) : IProtocol
{
    /// <summary>Audience of the tokens that Google's endpoint gives out.</summary>
    public const string Audience = "ya29";

    /// <summary>True on the paths of Vertex AI.</summary>
    protected bool IsVertex => isVertex;

    public string StreamContentType => "text/event-stream";

    public ReadOnlyMemory<byte> Garbage { get; } = "data: {\"candidates\": [{\"content\": {\"par\n\n"u8.ToArray();

    public string? KeyOf(HttpRequest request)
    {
        if (request.Headers["x-goog-api-key"].ToString() is { Length: > 0 } header) return header;
        return request.Query["key"].ToString() is { Length: > 0 } query ? query : OpenAiJson.BearerOf(request);
    }

    public Refusal? Authorise(HttpRequest request, byte[] body)
    {
        var hasKey = request.Headers["x-goog-api-key"].Count > 0 || request.Query.ContainsKey("key");
        if (hasKey) return null;
        if (OpenAiJson.BearerOf(request) is not { } bearer)
            return isVertex
                ? new Refusal(401, "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.")
                : new Refusal(403, "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.");
        return tokens.IsGood(bearer, Audience)
            ? null
            : new Refusal(401, "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.");
    }

    public abstract ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal);

    public Refusal Describe(FailureKind failure, string model) => GeminiErrors.Describe(failure, model);

    /// <summary>Gemini answers a forbidden prompt with a block, not with an error.</summary>
    public Directives Adapt(Directives directives) => directives.Failure == FailureKind.ContentPolicy
        ? directives with { Failure = null, BlockReason = directives.BlockReason ?? "PROHIBITED_CONTENT" }
        : directives;

    public void WriteError(IBufferWriter<byte> into, Refusal refusal) => GeminiErrors.Write(into, refusal);

    public void AddHeaders(IHeaderDictionary headers, string requestId, Refusal? refusal)
    {
        headers["x-gemini-service-tier"] = "standard";
        headers["server-timing"] = "gfet4t7; dur=42";
    }

    /// <summary>The model in <c>models/{model}:{operation}</c>.</summary>
    protected static string ModelOf(HttpRequest request)
    {
        var call = Uri.UnescapeDataString((string)request.RouteValues["call"]!);
        return call.LastIndexOf(':') is >= 0 and var colon ? call[..colon] : call;
    }
}
