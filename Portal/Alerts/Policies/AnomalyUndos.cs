using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>How changes of policies are taken back, and what policies did. What a person lifted stays lifted.</summary>
internal static class AnomalyUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteAnomalyPolicy, Done>("anomaly_policy.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<SetAnomalyPolicy, AnomalyPolicyDetails>("anomaly_policy.update", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetAnomalyPolicyRequest), stop))
        .AddUndo<SetAnomalyPolicy, AnomalyPolicyDetails>("anomaly_policy.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetAnomalyPolicyRequest), stop))
        .AddUndo<LiftKeyBrake, KeyBrakeDetails>(ApplyPolicies.StopAction, (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<LiftKeyBrake, KeyBrakeDetails>(ApplyPolicies.ThrottleAction, (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop));
}
