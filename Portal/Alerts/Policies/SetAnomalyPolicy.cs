using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>Sets what becomes of a scope's keys that run away. For those who look after alerts.</summary>
public sealed class SetAnomalyPolicy(ConfigurationWriter writer)
{
    private readonly PolicyRows<AnomalyPolicy, AnomalyPolicyDetails> rows = Rows(writer);

    /// <summary>Sets the policy, or replaces what was set on the scope. It decides on what begins after it.</summary>
    public async Task<Result<AnomalyPolicyDetails>> RunAsync(Actor actor, SetAnomalyPolicyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageAlerts) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var scope = PolicyRows<AnomalyPolicy, AnomalyPolicyDetails>.ReadScope(checks, request.ScopeKind, request.ScopeId, AnomalyPolicy.Scopes, "teams and keys");
        var settings = AnomalyChecks.Read(checks, request.Settings);
        if (checks.Failure is { } faults) return faults;
        return await rows.SetAsync(
            actor, scope, (id, target) => new() { Id = id, OrganisationId = target.OrganisationId, ScopeKind = target.Kind, ScopeId = target.Id, CreatedBy = actor.Name }, row => row.Settings = settings,
            cancellationToken);
    }

    /// <summary>The policies' rows.</summary>
    internal static PolicyRows<AnomalyPolicy, AnomalyPolicyDetails> Rows(ConfigurationWriter writer) =>
        new(writer, ConfigurationKinds.AnomalyPolicy, "anomaly policy", AnomalyPolicyDetails.Of, DocumentJson.Default.AnomalyPolicyDetails);
}
