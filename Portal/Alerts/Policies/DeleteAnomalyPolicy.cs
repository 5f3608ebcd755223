using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>Takes an anomaly policy away. For those who look after alerts.</summary>
public sealed class DeleteAnomalyPolicy(ConfigurationWriter writer)
{
    private readonly PolicyRows<AnomalyPolicy, AnomalyPolicyDetails> rows = SetAnomalyPolicy.Rows(writer);

    /// <summary>Deletes it; the next wider one decides then. What it did already stays until its time is over.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        Permissions.Refuse(actor, Permission.ManageAlerts) is { } refusal ? refusal : await rows.DeleteAsync(actor, id, cancellationToken);
}
