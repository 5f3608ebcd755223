using AspireGateway.Gateway.Guardrails.Groundedness;
using AspireGateway.Gateway.Guardrails.PromptLeak;
using AspireGateway.Gateway.Guardrails.ReplyFormat;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>The list of checks of whole replies: a new one is one folder and one line here.</summary>
internal static class ReplyCheckModules
{
    /// <summary>All of them, in the order in which they look at a reply.</summary>
    public static readonly IReadOnlyList<IReplyCheck> All =
    [
        new ReplyFormatCheck(),
        new GroundednessCheck(),
        new PromptLeakCheck(),
    ];
}
