using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Looks once a minute for what somebody has to see now, and raises and ends alerts. One portal does it; when that one dies another one follows within minutes.</summary>
internal sealed class PageWatch(
    NpgsqlDataSource database, WatchLease lease, PageFindings findings, AlertStates states, ApplyPolicies policies, AlertBook book, StoreStates stores, TimeProvider clock, ILogger<PageWatch> logger)
    : StoreWorker("Watching costs and providers", TimeSpan.FromMinutes(1), clock, logger)
{
    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RoundAsync(cancellationToken);

    /// <inheritdoc />
    protected override async Task TidyAsync(CancellationToken cancellationToken)
    {
        await stores.ForgetAsync(Clock.GetUtcNow(), cancellationToken);
        await database.ReadAsync("delete from key_brakes where ended_at < @before returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("before", Clock.GetUtcNow() - GuardrailWatch.Kept));
        await database.ReadAsync("delete from alert_mutes where until < @before returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("before", Clock.GetUtcNow().AddDays(-90)));
    }

    /// <summary>One look.</summary>
    /// <returns>Whether this portal watches.</returns>
    internal async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        if (!await lease.TakeAsync(now, cancellationToken))
        {
            // Who watches now remembers other minutes than this one.
            states.Forget();
            return false;
        }
        await states.TakeAsync(await findings.ReadAsync(now, cancellationToken), now, cancellationToken);
        // Before anybody is told: they are told what was done too.
        await policies.RunAsync(now, cancellationToken);
        await book.AnnounceAsync(now, cancellationToken);
        await policies.EndAsync(now, cancellationToken);
        return true;
    }
}
