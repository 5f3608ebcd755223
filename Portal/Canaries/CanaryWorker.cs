using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Canaries;

/// <summary>Turns rollbacks that gateways made into configuration, with its audit, once a second. What was rolled back while no portal ran is made up for.</summary>
internal sealed class CanaryWorker(NpgsqlDataSource database, AbortCanary abort, TimeProvider clock, ILogger<CanaryWorker> logger)
    : StoreWorker("Writing down rollbacks of canaries", TimeSpan.FromSeconds(1), clock, logger)
{
    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RollBackAsync(cancellationToken);

    /// <summary>Writes down what gateways rolled back. Two portals may try the same one: the second finds it ended.</summary>
    internal async Task RollBackAsync(CancellationToken cancellationToken)
    {
        var tripped = await database.ReadAsync("""
            select c.organisation_id, c.id, coalesce(e.detail ->> 'guard', '') from canaries c join steering_events e on e.subject_id = c.id and e.type = 'canary.trip'
            where c.status = 'running' limit 100
            """, r => (Organisation: r.GetGuid(0), Id: r.GetGuid(1), Guard: r.GetString(2)), cancellationToken);
        foreach (var (organisation, id, guard) in tripped) await abort.RollBackAsync(organisation, id, guard, cancellationToken);
    }
}
