using System.Net;
using System.Text.Json;
using AspireGateway.Portal.Benchmarks.Metrics;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Works on a leased run until all is done, its ceiling is reached, it is cancelled, or this portal ends.</summary>
/// <remarks>
/// Steps: 1. read samples, and what an earlier portal did already; 2. renew the lease meanwhile; 3. for each sample ask each model, so that they stay comparable wherever the run stops: hold the
/// money, ask, judge, write down; 4. say how it ended.
/// </remarks>
internal sealed partial class BenchmarkRunner(
    BenchmarkLease leases, BenchmarkGateway gateway, CancelBenchmarkRun cancel, IDbContextFactory<GatewayDbContext> contexts, SecretBox box, TimeProvider clock, ILogger<BenchmarkRunner> logger)
{
    private const int MaxReply = 8_000;

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);

    /// <summary>Works on it.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away: the lease runs out, and whoever has it then goes on.</exception>
    public async Task RunAsync(LeasedRun run, CancellationToken stoppingToken)
    {
        // 1.
        if (run.Envelope is null || box.Open(run.Envelope, run.Id) is not { } secret)
        {
            await EndAsync(run, BenchmarkStatuses.Stopped, "The run's key cannot be opened: the master key was replaced meanwhile. Plan the run again.");
            return;
        }
        if (gateway.Address is null)
        {
            await EndAsync(run, BenchmarkStatuses.Stopped, "This portal does not know where its gateway is. Set services__gateway__http__0 to the gateway's address.");
            return;
        }
        var (samples, upstreams) = await ReadAsync(run, stoppingToken);
        var done = await leases.DoneAsync(run, stoppingToken);
        var todo = samples.SelectMany(_ => Enumerable.Range(0, run.Models.Length), (sample, model) => (sample, model)).Where(t => !done.Contains((t.model, t.sample.Line))).ToList();
        Log.Begun(logger, run.Id, todo.Count, done.Count);

        // 2.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var work = new RunWork(run, secret, new RunPurse(run.Ceiling, run.Spent), JsonSerializer.Deserialize(run.Estimate, BenchmarkJson.Default.BenchmarkEstimate)!, upstreams);
        var renewing = RenewAsync(run, work, stop);
        try
        {
            // 3.
            await Parallel.ForEachAsync(todo, new ParallelOptions { MaxDegreeOfParallelism = run.Concurrency, CancellationToken = stop.Token }, async (item, token) =>
            {
                if (work.IsOver) return;
                await OneAsync(work, item.sample, item.model, token);
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Cancelled, lost to another portal, or this one ends; which of them is looked at below.
        }
        finally
        {
            await stop.CancelAsync();
            await renewing;
        }

        // 4.
        if (work.IsLost)
        {
            Log.Lost(logger, run.Id);
            return;
        }
        if (work.Ending is { } reason) await EndAsync(run, BenchmarkStatuses.Stopped, reason);
        else if (stoppingToken.IsCancellationRequested) await leases.ReleaseAsync(run, CancellationToken.None);
        else await EndAsync(run, BenchmarkStatuses.Done, null);
    }

    private async Task<(List<BenchmarkSample> Samples, Dictionary<(string Provider, string Deployment), string> Upstreams)> ReadAsync(LeasedRun run, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var lines = await context.BenchmarkSamples.AsNoTracking().Where(s => s.SetId == run.Set).Select(s => s.Lines).SingleAsync(cancellationToken);
        var deployments = await context.Deployments.Where(d => d.OrganisationId == run.Organisation)
            .Join(context.Providers, d => d.ProviderId, p => p.Id, (d, p) => new { p.Slug, d.Name, d.UpstreamModel }).ToListAsync(cancellationToken);
        return ([.. SampleReader.Read(lines).Samples.Take(run.SampleCount)], deployments.ToDictionary(d => (d.Slug, d.Name), d => d.UpstreamModel));
    }

    private async Task RenewAsync(LeasedRun run, RunWork work, CancellationTokenSource stop)
    {
        using var timer = new PeriodicTimer(RenewEvery, clock);
        var held = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    if (!await leases.RenewAsync(run, stop.Token)) work.Lose();
                    held = clock.GetTimestamp();
                }
                catch (Npgsql.NpgsqlException)
                {
                    // Another portal may take it up once the lease is over; this one is out before that.
                    if (clock.GetElapsedTime(held) > BenchmarkLease.Length / 2) work.Lose();
                }
                if (work.IsLost) await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }

    private async Task OneAsync(RunWork work, BenchmarkSample sample, int model, CancellationToken cancellationToken)
    {
        var run = work.Run;
        var (most, judgeMost) = (work.Estimate.Models[model].LargestNanoUsd, work.Estimate.Judge?.LargestNanoUsd ?? 0);
        if (!await work.Purse.HoldAsync(most + judgeMost, cancellationToken))
        {
            work.End("Its ceiling is reached: the next request could pass it.");
            return;
        }
        var (cost, judgeCost) = (0L, 0L);
        try
        {
            var answer = await AskAsync(work, BenchmarkGateway.Body(run.Models[model], sample.Messages, run.MaxTokens), cancellationToken);
            if (answer is null) return;
            cost = CostOf(answer, most);
            var error = answer.Code ?? (answer.Model != run.Models[model] ? "rerouted" : null);
            double? score = null;
            if (error is null && run.Judge is { } judge)
            {
                var verdict = await AskAsync(work, BenchmarkGateway.Body(judge, RubricJudge.Messages(sample.Messages, answer.Text, sample.Rubric!), RubricJudge.MaxTokens), cancellationToken);
                // The answer is paid for, but not judged: whoever goes on asks again.
                if (verdict is null) return;
                judgeCost = CostOf(verdict, judgeMost);
                score = verdict.Code is null ? RubricJudge.Read(verdict.Text) : null;
                error = verdict.Code is { } code ? $"judge_{code}" : score is null ? "judge_unreadable" : null;
            }
            else if (error is null)
            {
                score = run.Metric == BenchmarkMetrics.Exact ? ExactMatch.Score(answer.Text, sample.Expected) : SchemaMatch.Score(answer.Text, sample.Schema!);
            }
            var upstream = answer is { Provider: { } provider, Deployment: { } deployment } ? work.Upstreams.GetValueOrDefault((provider, deployment)) : null;
            var outcome = new BenchmarkOutcome(model, sample.Line, score, error, answer.Provider, upstream, answer.LatencyUs, cost, judgeCost, run.KeepReplies ? BenchmarkText.Cut(answer.Text, MaxReply) : null);
            if (!await leases.RecordAsync(run, outcome, cancellationToken)) work.Lose();
        }
        finally
        {
            work.Purse.Settle(most + judgeMost, cost + judgeCost);
        }
    }

    /// <summary>Sends a request, again where a limit or a gateway that restarts asks for it; null = the run cannot go on.</summary>
    private async Task<GatewayAnswer?> AskAsync(RunWork work, string body, CancellationToken cancellationToken)
    {
        for (var again = 0; ; again++)
        {
            var answer = await gateway.ChatAsync(work.Secret, work.Run.Task, body, cancellationToken);
            if (BenchmarkTries.PauseBefore(answer, again) is { } pause)
            {
                await Task.Delay(pause, clock, cancellationToken);
                continue;
            }
            if (!BenchmarkTries.EndsTheRun(answer)) return answer;
            work.End(answer.NeverSent ? "The gateway could not be reached for half a minute." : answer.Message ?? "The gateway refused to go on.");
            return null;
        }
    }

    private async Task EndAsync(LeasedRun run, string status, string? reason)
    {
        var ended = await cancel.EndAsync(run.Organisation, run.Id, status, reason, r => r.LeaseOwner == run.Owner, CancellationToken.None);
        if (ended.Succeeded) Log.Ended(logger, run.Id, status);
    }

    // An answer that was lost on the way may have cost as much as it could; the usage record knows better, and counts when the run is taken up again.
    private static long CostOf(GatewayAnswer answer, long most) => answer.CostNanoUsd ?? (answer.Status is null && !answer.NeverSent ? most : 0);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Benchmark run {Run}: {Todo} answers to get, {Done} are there")]
        public static partial void Begun(ILogger logger, Guid run, int todo, int done);

        [LoggerMessage(2, LogLevel.Information, "Benchmark run {Run} ended: {Status}")]
        public static partial void Ended(ILogger logger, Guid run, string status);

        [LoggerMessage(3, LogLevel.Information, "Benchmark run {Run} was cancelled, or another portal has it")]
        public static partial void Lost(ILogger logger, Guid run);
    }
}
