using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Domain.Quality;
using Npgsql;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>
/// Publishes what a run measured into the table of quality. The table is of what is served, so each answer counts for the provider's model that gave it, whatever logical model led there; a
/// sample that the same one answered twice counts once, with the mean. For those who manage models.
/// </summary>
public sealed class PublishBenchmarkRun(BenchmarkRunsQuery runs, PublishQuality publish, NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Publishes it as a new version of the table; publishing again what the table says already makes none.</summary>
    public async Task<Result<QualityPublication>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var found = await runs.OneAsync(actor, id, cancellationToken);
        if (found.Failure is { } missing) return missing;
        var run = found.Value.Run;
        if (run.Status is not (BenchmarkStatuses.Done or BenchmarkStatuses.Stopped)) return new Failure.Conflict("Only a run that came to its end is published: wait for it, or plan another one.");
        var day = DateOnly.FromDateTime(run.EndedAt!.Value.UtcDateTime);
        var cells = await database.ReadAsync("""
            select provider, upstream, avg(score), count(*)::int
            from (select provider, upstream, line, avg(score) as score from benchmark_results where run_id = @run and score is not null and upstream is not null group by provider, upstream, line) each
            group by provider, upstream order by provider, upstream
            """,
            r => new QualityCellRequest { Task = run.Task, Provider = r.GetString(0), Model = r.GetString(1), Mean = Math.Clamp(r.GetDouble(2), 0, 1), Samples = r.GetInt32(3), Date = day },
            cancellationToken, Sql.Id("run", id));
        if (cells.Count == 0) return new Failure.Conflict("No answer of this run was judged, so there is nothing to publish.");
        var note = string.Create(CultureInfo.InvariantCulture, $"Benchmark {run.SetName}, metric {run.Metric}, run {run.Id}");
        var published = await publish.RunAsync(actor, new() { Cells = cells, Note = note }, QualitySources.Benchmark, cancellationToken);
        if (published.Failure is { } failure) return failure;

        await using var mark = database.CreateCommand("update benchmark_runs set published_at = @at, published_by = @by where id = @run");
        mark.Parameters.AddRange((NpgsqlParameter[])[Sql.Time("at", clock.GetUtcNow()), Sql.Text("by", actor.Name), Sql.Id("run", id)]);
        await mark.ExecuteNonQueryAsync(cancellationToken);
        return published;
    }
}
