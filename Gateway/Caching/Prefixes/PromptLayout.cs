using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>Where a dialect has what a prompt begins with. Providers read tools first, then instructions, then the conversation (Anthropic, "Prompt caching"; OpenAI, "Prompt caching").</summary>
/// <param name="Tools">The field of the tools.</param>
/// <param name="Within">The object that holds that field; null = the body.</param>
/// <param name="System">The field of the instructions; null = they are messages.</param>
/// <param name="Messages">The field of the conversation.</param>
internal sealed record PromptLayout(string Tools, string? Within, string? System, string Messages)
{
    /// <summary>Anthropic's Messages.</summary>
    public static readonly PromptLayout Anthropic = new("tools", null, "system", "messages");

    /// <summary>Amazon's Converse.</summary>
    public static readonly PromptLayout Converse = new("tools", "toolConfig", "system", "messages");

    /// <summary>OpenAI's chat completions.</summary>
    public static readonly PromptLayout OpenAiChat = new("tools", null, null, "messages");

    /// <summary>OpenAI's Responses.</summary>
    public static readonly PromptLayout OpenAiResponses = new("tools", null, "instructions", "input");

    /// <summary>The layout of a caller's dialect.</summary>
    public static PromptLayout Of(Dialect dialect) => dialect switch
    {
        Dialect.Anthropic => Anthropic,
        Dialect.OpenAiResponses => OpenAiResponses,
        _ => OpenAiChat,
    };
}
