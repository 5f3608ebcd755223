using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Guardrails;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class GuardrailUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteGuardrails, Done>("guardrail.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<SetGuardrails, GuardrailDetails>("guardrail.update", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetGuardrailsRequest), stop))
        .AddUndo<SetGuardrails, GuardrailDetails>("guardrail.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetGuardrailsRequest), stop));
}
