using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Looks every second for runs to work on, two at a time, and cleans up behind those that ended.</summary>
internal sealed partial class BenchmarkWorker(
    BenchmarkLease leases, BenchmarkRunner runner, BenchmarkKeeper keeper, CancelBenchmarkRun cancel, TimeProvider clock, ILogger<BenchmarkWorker> logger)
    : StoreWorker("Work on benchmarks", TimeSpan.FromSeconds(1), clock, logger)
{
    private const int AtOnce = 2;

    private readonly List<Task> running = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await base.ExecuteAsync(stoppingToken);
        }
        finally
        {
            // Each gives its lease back.
            await Task.WhenAll(running);
        }
    }

    /// <inheritdoc />
    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        running.RemoveAll(r => r.IsCompleted);
        while (running.Count < AtOnce && await leases.ClaimAsync(cancellationToken) is { } run) running.Add(WorkAsync(run, cancellationToken));
        await keeper.CleanAsync(cancellationToken);
    }

    private async Task WorkAsync(LeasedRun run, CancellationToken stoppingToken)
    {
        try
        {
            await runner.RunAsync(run, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Before it began anything.
        }
        // Its lease runs out, and it is tried again.
        catch (Exception fault) when (fault.IsStoreAway())
        {
            Log.Interrupted(logger, run.Id, fault);
        }
        // The edge of a run: whatever is wrong with it, the portal and other runs live on. Trying again would ask and pay for the same again.
        catch (Exception fault)
        {
            Log.Failed(logger, run.Id, fault);
            await GiveUpAsync(run);
        }
    }

    private async Task GiveUpAsync(LeasedRun run)
    {
        try
        {
            await cancel.EndAsync(
                run.Organisation, run.Id, BenchmarkStatuses.Stopped, "The portal failed while it worked on the run. Its log says why.", r => r.LeaseOwner == run.Owner, CancellationToken.None);
        }
        catch (Exception fault) when (fault.IsStoreAway())
        {
            Log.Interrupted(logger, run.Id, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Error, "Benchmark run {Run} failed")]
        public static partial void Failed(ILogger logger, Guid run, Exception fault);

        [LoggerMessage(4, LogLevel.Warning, "Benchmark run {Run} was interrupted: the database did not answer; it is taken up again in half a minute")]
        public static partial void Interrupted(ILogger logger, Guid run, Exception fault);
    }
}
