using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Looks every second for runs to work on, two at a time, and cleans up behind those that ended.</summary>
internal sealed partial class BenchmarkWorker(
    BenchmarkLease leases, BenchmarkRunner runner, BenchmarkKeeper keeper, CancelBenchmarkRun cancel, TimeProvider clock, ILogger<BenchmarkWorker> logger) : BackgroundService
{
    private const int AtOnce = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<Task> running = [];
    private bool isAway;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                try
                {
                    running.RemoveAll(r => r.IsCompleted);
                    while (running.Count < AtOnce && await leases.ClaimAsync(stoppingToken) is { } run) running.Add(WorkAsync(run, stoppingToken));
                    await keeper.CleanAsync(stoppingToken);
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
        finally
        {
            // Each gives its lease back.
            await Task.WhenAll(running);
        }
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
        [LoggerMessage(1, LogLevel.Warning, "Benchmark runs wait: the database cannot be reached")]
        public static partial void IsAway(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Error, "Benchmark run {Run} failed")]
        public static partial void Failed(ILogger logger, Guid run, Exception fault);

        [LoggerMessage(3, LogLevel.Warning, "Benchmark run {Run} was interrupted: the database did not answer; it is taken up again in half a minute")]
        public static partial void Interrupted(ILogger logger, Guid run, Exception fault);
    }
}
