using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>How changes of checks are taken back. A deleted one that had a secret does not come back: the secret is kept nowhere, and a check without it would look at nothing.</summary>
internal static class GuardrailCheckUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteGuardrailCheck, Done>("guardrail_check.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<SetGuardrailCheck, GuardrailCheckDetails>("guardrail_check.update", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.GuardrailCheckRequest), stop))
        .AddUndo<SetGuardrailCheck, GuardrailCheckDetails>("guardrail_check.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.GuardrailCheckRequest), stop));
}
