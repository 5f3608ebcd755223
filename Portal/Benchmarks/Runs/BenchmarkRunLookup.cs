using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Finds the run that a command is about.</summary>
internal static class BenchmarkRunLookup
{
    /// <summary>The run with its set, locked until the command's transaction ends: a portal that works on it writes to the same row.</summary>
    public static async Task<(BenchmarkRun Run, BenchmarkSet Set)?> LockRunAsync(this GatewayDbContext context, Guid organisation, Guid id, CancellationToken cancellationToken)
    {
        var run = (await context.BenchmarkRuns.FromSql($"select * from benchmark_runs where id = {id} and organisation_id = {organisation} for update").ToListAsync(cancellationToken)).SingleOrDefault();
        if (run is null) return null;
        return (run, await context.BenchmarkSets.SingleAsync(s => s.Id == run.SetId, cancellationToken));
    }
}
