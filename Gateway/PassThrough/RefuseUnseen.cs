using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>
/// Would something pass that a policy wants looked at, and nobody can? A provider's own API has replies of any shape, and the messages of a WebSocket are not read: where a guardrail is to act on those and fails
/// closed, the request is refused before anything leaves (decision 0182).
/// </summary>
internal sealed class RefuseUnseen(GatewayMetrics metrics) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        if (exchange.Screened is not { } screened) return Decision.Continue;
        var isUpgrade = ForwardTransformer.IsUpgrade(exchange.Http);
        foreach (var rule in screened.Rules)
        {
            if (rule.FailsOpen || !(Acts(rule.ReplyAction) || (isUpgrade && Acts(rule.PromptAction)))) continue;
            metrics.Guardrails.Failed(rule.Guardrail.Name);
            metrics.Guardrails.Blocked(rule.Guardrail.Name);
            return Decision.Refuse(Refusal.GuardrailBlocked(
                $"Guardrail '{rule.Guardrail.Name}' {(isUpgrade ? "cannot look at the messages of a WebSocket" : "is to look at replies, and those of /providers/ pass as they come")}, and its policy lets nothing pass unseen. "
                + "Ask for the model by /v1/..., or have your administrator set the guardrail's on_error to open."));
        }
        return Decision.Continue;
    }

    // What is only counted stops nobody.
    private static bool Acts(string? action) => action is not (null or GuardrailActions.Flag);
}
