using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Canaries;

/// <summary>Turns rollbacks that gateways made into configuration, with its audit, once a second. What was rolled back while no portal ran is made up for.</summary>
internal sealed partial class CanaryWorker(NpgsqlDataSource database, AbortCanary abort, TimeProvider clock, ILogger<CanaryWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private bool isAway;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await RollBackAsync(stoppingToken);
                isAway = false;
            }
            catch (Exception e) when (e.IsStoreAway() && !stoppingToken.IsCancellationRequested)
            {
                if (!isAway) Log.IsAway(logger, e);
                isAway = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Writes down what gateways rolled back. Two portals may try the same one: the second finds it ended.</summary>
    internal async Task RollBackAsync(CancellationToken cancellationToken)
    {
        var tripped = await database.ReadAsync("""
            select c.organisation_id, c.id, coalesce(e.detail ->> 'guard', '') from canaries c join steering_events e on e.subject_id = c.id and e.type = 'canary.trip'
            where c.status = 'running' limit 100
            """, r => (Organisation: r.GetGuid(0), Id: r.GetGuid(1), Guard: r.GetString(2)), cancellationToken);
        foreach (var (organisation, id, guard) in tripped) await abort.RollBackAsync(organisation, id, guard, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Rollbacks of canaries wait to be written down: the database cannot be reached")]
        public static partial void IsAway(ILogger logger, Exception fault);
    }
}
