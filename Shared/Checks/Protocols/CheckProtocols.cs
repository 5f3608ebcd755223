using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>The kinds of checks: a new one is one class and one line here.</summary>
internal static class CheckProtocols
{
    private static readonly ModerationsProtocol Moderations = new();
    private static readonly ChatProtocol Chat = new();
    private static readonly WebhookProtocol Webhook = new();
    private static readonly PresidioProtocol Presidio = new();

    /// <summary>That of a kind.</summary>
    public static ICheckProtocol Of(string kind) => kind switch
    {
        GuardrailCheckKinds.Moderations => Moderations,
        GuardrailCheckKinds.Chat => Chat,
        GuardrailCheckKinds.Presidio => Presidio,
        _ => Webhook,
    };
}
