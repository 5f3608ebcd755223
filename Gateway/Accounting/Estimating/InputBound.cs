using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>
/// How many input tokens a request can have at the very most. Tokenizers of the large vendors make at least one byte of UTF-8 into a token, so the body's
/// bytes bound its text, the JSON around it included; what is no text has bounds of its own; and no prompt is longer than the model's context.
/// </summary>
internal static class InputBound
{
    /// <summary>The context of a model whose deployment does not tell it: the longest that the large vendors sell.</summary>
    public const long DefaultContext = 1_048_576;

    // What vendors put around a prompt: the hidden prompt for tools (Anthropic, "Tool use", up to 804 tokens) and the answer's schema.
    private const long PerRequest = 1_024;
    // Around a message: start, role, channel, end (OpenAI, cookbook "How to count tokens": 3 and 1 for a name; Harmony a few more).
    private const long PerMessage = 16;
    private const long PerTool = 64;
    // A tool that the vendor defines has its definition there (Anthropic: computer use 735, text editor 700, bash 245).
    private const long PerBuiltInTool = 1_536;
    // How often a model is called in one request with tools that the provider runs (Anthropic, "Server tools": 10, then it pauses). Each call reads all again.
    private const long ServerToolRounds = 10;

    /// <summary>The bound, in tokens; 0 for what no model reads.</summary>
    public static long Of(RequestFacts facts, DeploymentSnapshot deployment)
    {
        var kind = facts.Operation?.Kind ?? OperationKind.Chat;
        var context = deployment.ContextTokens ?? DefaultContext;
        if (kind == OperationKind.CountTokens) return 0;
        // Nobody has looked into the body of a provider's own API.
        if (kind == OperationKind.PassThrough) return facts.MaxOutputTokens == 0 ? facts.PromptBytes : context;

        var unusual = facts.Unusual;
        if (unusual is { ServerTools: > 0 }) return context * ServerToolRounds;
        if (unusual is { HasUnknownInput: true }) return context;
        var tokens = facts.TextBytes + PerRequest + facts.Messages * PerMessage + facts.Tools * PerTool;
        if (facts.Form is not null) tokens += RecordingBound.TokensOf(facts.Body.Length);
        if (unusual is not null)
        {
            tokens += unusual.Images * ImageBound.Of(deployment) + unusual.BuiltInTools * PerBuiltInTool
                + RecordingBound.TokensOfBase64(unusual.RecordingBytes) + unusual.Recordings * PerMessage;
        }
        // The context bounds one prompt; a request for embeddings or a ranking holds many.
        return kind == OperationKind.Chat && deployment.ContextTokens is { } known ? Math.Min(tokens, known) : tokens;
    }
}
