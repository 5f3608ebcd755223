using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>A model's answer to a sample.</summary>
/// <param name="Model">The model.</param>
/// <param name="Line">The sample's line in its set.</param>
/// <param name="Score">0 to 1; null = it failed.</param>
/// <param name="Error">Why it failed; null = it did not.</param>
/// <param name="Served">What served: a provider's slug and its name of the model; null = nothing did, or it is gone.</param>
/// <param name="LatencyUs">Microseconds at the gateway.</param>
/// <param name="CostNanoUsd">Cost of the answer in nano-USD.</param>
/// <param name="JudgeNanoUsd">Cost of the verdict in nano-USD.</param>
/// <param name="Reply">The answer, where it is kept.</param>
public sealed record BenchmarkResultRow(
    string Model, int Line, double? Score, string? Error, string? Served, long LatencyUs, long CostNanoUsd, long JudgeNanoUsd, string? Reply);

/// <summary>Lists runs, newest first, and reads their results.</summary>
public sealed class BenchmarkRunsQuery(IDbContextFactory<GatewayDbContext> contexts, NpgsqlDataSource database)
{
    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<BenchmarkRunDetails>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.BenchmarkRuns.AsNoTracking().Where(r => r.OrganisationId == actor.OrganisationId && (after == null || r.Id < after)).OrderByDescending(r => r.Id).Take(limit + 1)
            .Join(context.BenchmarkSets, r => r.SetId, s => s.Id, (run, set) => new { run, set }).OrderByDescending(r => r.run.Id).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(r => BenchmarkRunDetails.Of(r.run, r.set)), limit, r => r.Id.ToString());
    }

    /// <summary>One run with the comparison of its models.</summary>
    public async Task<Result<BenchmarkRunResult>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (await FindAsync(actor, id, cancellationToken) is not { } run) return new Failure.NotFound("benchmark run");
        var results = await database.ReadAsync(
            "select model, line, score, error, latency_us, cost_nano_usd, judge_nano_usd from benchmark_results where run_id = @run",
            r => new ComparedResult(r.GetInt16(0), r.GetInt32(1), r.Nullable<double>(2), r.Text(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6)), cancellationToken, Sql.Id("run", id));
        return new BenchmarkRunResult(run, BenchmarkComparison.Scores(run.Models, results), BenchmarkComparison.Differences(run.Models, results));
    }

    /// <summary>Its results, sample by sample. Answers may quote samples, so they are for those who manage models.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The run.</param>
    /// <param name="page">Where to go on: a line and a model's place, as the page before said.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<Page<BenchmarkResultRow>>> ResultsAsync(Actor actor, Guid id, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var (line, model) = (0, -1);
        if (!string.IsNullOrEmpty(page) && (page.Split('.') is not [var l, var m] || !int.TryParse(l, out line) || !int.TryParse(m, out model))) return Cursor.Fault;
        if (await FindAsync(actor, id, cancellationToken) is not { } run) return new Failure.NotFound("benchmark run");
        var limit = PageSize.Of(size);
        var rows = await database.ReadAsync("""
            select model, line, score, error, provider || '/' || upstream, latency_us, cost_nano_usd, judge_nano_usd, case when reply_until > now() then reply end
            from benchmark_results where run_id = @run and (line, model) > (@line, @model) order by line, model limit @limit
            """,
            r => (Place: r.GetInt16(0), Row: new BenchmarkResultRow(
                run.Models[r.GetInt16(0)], r.GetInt32(1), r.Nullable<double>(2), r.Text(3), r.Text(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.Text(8))), cancellationToken,
            Sql.Id("run", id), Sql.Number("line", line), Sql.Number("model", model), Sql.Number("limit", limit + 1));
        var paged = PageSize.Page(rows, limit, r => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{r.Row.Line}.{r.Place}"));
        return new Page<BenchmarkResultRow>([.. paged.Items.Select(r => r.Row)], paged.Next);
    }

    private async Task<BenchmarkRunDetails?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await context.BenchmarkRuns.AsNoTracking().Where(r => r.Id == id && r.OrganisationId == actor.OrganisationId)
            .Join(context.BenchmarkSets, r => r.SetId, s => s.Id, (run, set) => new { run, set }).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : BenchmarkRunDetails.Of(found.run, found.set);
    }
}
