using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Tokens;

/// <summary>What token endpoints share: a form in, a token or an OAuth error (RFC 6749, section 5) out.</summary>
internal abstract class TokenProtocol(TokenIssuer tokens, string audience) : IProtocol
{
    /// <summary>Scripts for token requests name this model; those for any model are left to the calls that follow.</summary>
    public const string ScriptName = "token";

    public string StreamContentType => "application/json";

    public ReadOnlyMemory<byte> Garbage => default;

    public string? KeyOf(HttpRequest request) => null;

    public Refusal? Authorise(HttpRequest request, byte[] body) => null;

    public Task<JsonDocument?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken) =>
        RequestBody.ParseFormAsync(request.ContentType, body, cancellationToken);

    public ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        if (Check(request, body) is { } fault)
        {
            refusal = fault;
            return null;
        }

        refusal = default;
        return new TokenRequest(tokens, audience);
    }

    public Refusal Describe(FailureKind failure, string model) => failure switch
    {
        FailureKind.BadKey => new Refusal(401, "The client's credential is wrong.", "invalid_client"),
        FailureKind.RateLimit or FailureKind.Quota => new Refusal(429, "Too many token requests.", "temporarily_unavailable"),
        _ => new Refusal(503, "The token service is not available.", "temporarily_unavailable"),
    };

    public void WriteError(IBufferWriter<byte> into, Refusal refusal) => WireJson.WriteObject(into, writer =>
    {
        writer.WriteString("error", refusal.Code ?? "invalid_request");
        writer.WriteString("error_description", refusal.Message);
    });

    /// <summary>What is wrong with the grant, or null.</summary>
    protected abstract Refusal? Check(HttpRequest request, JsonElement form);
}

/// <summary>A good grant.</summary>
internal sealed record TokenRequest(TokenIssuer Tokens, string Audience) : ISimulatedRequest
{
    public string Model => TokenProtocol.ScriptName;

    public bool Streams => false;

    public string Prompt => "";

    public bool TakesScriptsForAny => false;

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new TokenAnswer(this, directives);
}

/// <summary>A token.</summary>
internal sealed class TokenAnswer(TokenRequest request, Directives directives) : PlainAnswer
{
    private const int UsualSeconds = 3599;

    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        var seconds = directives.ExpiresIn ?? UsualSeconds;
        writer.WriteString("token_type", "Bearer");
        writer.WriteNumber("expires_in", seconds);
        writer.WriteNumber("ext_expires_in", seconds);
        writer.WriteString("access_token", request.Tokens.Issue(request.Audience, seconds));
    });
}
