using AspireGateway.Gateway.State;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>Where there is no Redis: lets this process's counters go on from what the usage records say.</summary>
internal sealed partial class LocalOpening(LedgerBooks books, SnapshotHolder configuration, TimeProvider time, ILogger<LocalOpening> logger)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();

    /// <summary>True once the counters know the books.</summary>
    public async ValueTask<bool> EnsureAsync(LedgerTenant tenant, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (tenant.IsSeeded) return true;
        Task<bool> opening;
        lock (tenant.OpeningGate)
        {
            if (tenant.Opening is null or { IsCompleted: true }) tenant.Opening = Task.Run(() => SeedAsync(tenant, CancellationToken.None), CancellationToken.None);
            opening = tenant.Opening;
        }
        try
        {
            return await opening.WaitAsync(wait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Takes over what came into the books since the last time, too.</summary>
    public async Task<bool> SeedAsync(LedgerTenant tenant, CancellationToken cancellationToken)
    {
        if (configuration.Current is not { } snapshot) return false;
        try
        {
            foreach (var (field, spent) in await books.SpentBeforeAsync(snapshot, tenant.Organisation, startedAt, [], cancellationToken))
                tenant.Local.Seed(field, LedgerFields.OfSeed(field), spent);
            tenant.IsSeeded = true;
            return true;
        }
        catch (Exception fault) when (fault is Npgsql.NpgsqlException or TimeoutException or InvalidOperationException)
        {
            if (!tenant.IsSeeded) Log.NoBooks(logger, tenant.Organisation, fault.GetType().Name);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "What organisation {Organisation} has spent cannot be read from the usage records ({Fault}); requests under its budgets are refused")]
        public static partial void NoBooks(ILogger logger, Guid organisation, string fault);
    }
}
