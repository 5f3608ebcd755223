using AspireGateway.Portal.Configuration;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>A run that this portal works on.</summary>
/// <param name="Owner">The lease; a new one each time a run is taken up.</param>
/// <param name="Id">The run.</param>
/// <param name="Organisation">Whose run.</param>
/// <param name="Set">Its samples' set.</param>
/// <param name="Task">What they are about.</param>
/// <param name="Metric">How answers are judged.</param>
/// <param name="Models">The models.</param>
/// <param name="Judge">The judge; null = none.</param>
/// <param name="Key">The run's key.</param>
/// <param name="Envelope">Its sealed secret; null = it was revoked.</param>
/// <param name="SampleCount">How many samples.</param>
/// <param name="MaxTokens">Most tokens of an answer.</param>
/// <param name="Concurrency">Requests at the same time.</param>
/// <param name="KeepReplies">Whether answers are kept.</param>
/// <param name="Estimate">JSON of the estimate.</param>
/// <param name="Ceiling">What it may cost, in nano-USD.</param>
/// <param name="Spent">What it cost so far, in nano-USD.</param>
internal sealed record LeasedRun(
    Guid Owner, Guid Id, Guid Organisation, Guid Set, string Task, string Metric, string[] Models, string? Judge, Guid Key, byte[]? Envelope, int SampleCount, int MaxTokens, int Concurrency,
    bool KeepReplies, string Estimate, long Ceiling, long Spent);

/// <summary>What became of one answer.</summary>
/// <param name="Model">The model's place in the run.</param>
/// <param name="Line">The sample.</param>
/// <param name="Score">0 to 1; null = it failed.</param>
/// <param name="Error">Why it failed; null = it did not.</param>
/// <param name="Provider">Slug of the provider that served; null = none did.</param>
/// <param name="Upstream">The provider's name of the model that served.</param>
/// <param name="LatencyUs">Microseconds at the gateway.</param>
/// <param name="CostNanoUsd">Cost of the answer.</param>
/// <param name="JudgeNanoUsd">Cost of the verdict.</param>
/// <param name="Reply">The answer; null = it is not kept.</param>
internal sealed record BenchmarkOutcome(
    int Model, int Line, double? Score, string? Error, string? Provider, string? Upstream, long LatencyUs, long CostNanoUsd, long JudgeNanoUsd, string? Reply);

/// <summary>
/// Who works on which run, in Postgres. A lease is taken for 30 seconds and renewed; everything written under it names it, so that a portal that lost one writes nothing more. Time is the
/// database's, whatever the portals' clocks say.
/// </summary>
internal sealed class BenchmarkLease(NpgsqlDataSource database)
{
    /// <summary>How long a lease holds when it is not renewed.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>How long kept answers stay.</summary>
    public static readonly TimeSpan ReplyLifetime = TimeSpan.FromDays(7);

    /// <summary>
    /// Takes the oldest run that waits or whose portal went away; null = there is none. What it spent is set to what its key's usage records say where that is more: the last requests of a
    /// portal that went away are in no result.
    /// </summary>
    public async Task<LeasedRun?> ClaimAsync(CancellationToken cancellationToken)
    {
        var owner = Guid.NewGuid();
        var claimed = await database.ReadAsync("""
            update benchmark_runs r set status = 'running', lease_owner = @owner, lease_until = now() + @length,
                spent_nano_usd = greatest(r.spent_nano_usd, (select coalesce(sum(u.cost_nano_usd), 0)::bigint from usage_records u where u.key_id = r.key_id and u.at >= r.created_at))
            from benchmark_sets s
            where s.id = r.set_id and r.id = (
                select id from benchmark_runs where status in ('queued', 'running') and (lease_until is null or lease_until < now()) order by id limit 1 for update skip locked)
            returning r.id, r.organisation_id, r.set_id, s.task, r.metric, r.models, r.judge, r.key_id, r.key_envelope, r.sample_count, r.max_tokens, r.concurrency, r.keep_replies,
                r.estimate::text, r.ceiling_nano_usd, r.spent_nano_usd
            """,
            r => new LeasedRun(
                owner, r.GetGuid(0), r.GetGuid(1), r.GetGuid(2), r.GetString(3), r.GetString(4), r.GetFieldValue<string[]>(5), r.Text(6), r.GetGuid(7),
                r.IsDBNull(8) ? null : r.GetFieldValue<byte[]>(8), r.GetInt32(9), r.GetInt32(10), r.GetInt32(11), r.GetBoolean(12), r.GetString(13), r.GetInt64(14), r.GetInt64(15)),
            cancellationToken, Sql.Id("owner", owner), Span("length", Length));
        return claimed.SingleOrDefault();
    }

    /// <summary>Holds it for another while.</summary>
    /// <returns>False = the run was cancelled, or another portal has it.</returns>
    public Task<bool> RenewAsync(LeasedRun run, CancellationToken cancellationToken) => ExecuteAsync(
        "update benchmark_runs set lease_until = now() + @length where id = @run and lease_owner = @owner and status = 'running'",
        cancellationToken, Sql.Id("run", run.Id), Sql.Id("owner", run.Owner), Span("length", Length));

    /// <summary>Gives it back, for another portal to go on at once.</summary>
    public Task<bool> ReleaseAsync(LeasedRun run, CancellationToken cancellationToken) => ExecuteAsync(
        "update benchmark_runs set status = 'queued', lease_owner = null, lease_until = null where id = @run and lease_owner = @owner and status = 'running'",
        cancellationToken, Sql.Id("run", run.Id), Sql.Id("owner", run.Owner));

    /// <summary>Writes an outcome down, with the run's progress and spend.</summary>
    /// <returns>False = the run was cancelled, or another portal has it; nothing was written.</returns>
    public Task<bool> RecordAsync(LeasedRun run, BenchmarkOutcome outcome, CancellationToken cancellationToken) => ExecuteAsync("""
        with held as (
            update benchmark_runs set done = done + 1, spent_nano_usd = spent_nano_usd + @cost + @judge where id = @run and lease_owner = @owner and status = 'running' returning id)
        insert into benchmark_results (run_id, model, line, score, error, provider, upstream, latency_us, cost_nano_usd, judge_nano_usd, reply, reply_until)
        select id, @model, @line, @score, @error, @provider, @upstream, @latency, @cost, @judge, @reply, case when @reply is not null then now() + @keep end from held
        """, cancellationToken,
        Sql.Id("run", run.Id), Sql.Id("owner", run.Owner), Sql.Number("cost", outcome.CostNanoUsd), Sql.Number("judge", outcome.JudgeNanoUsd),
        new("model", NpgsqlDbType.Smallint) { Value = (short)outcome.Model }, new("line", NpgsqlDbType.Integer) { Value = outcome.Line },
        new("score", NpgsqlDbType.Double) { Value = (object?)outcome.Score ?? DBNull.Value }, Sql.Text("error", outcome.Error), Sql.Text("provider", outcome.Provider),
        Sql.Text("upstream", outcome.Upstream), Sql.Number("latency", outcome.LatencyUs), Sql.Text("reply", outcome.Reply), Span("keep", ReplyLifetime));

    /// <summary>What is done of a run: places of models and lines.</summary>
    public async Task<HashSet<(int Model, int Line)>> DoneAsync(LeasedRun run, CancellationToken cancellationToken) =>
        [.. await database.ReadAsync("select model, line from benchmark_results where run_id = @run", r => ((int)r.GetInt16(0), r.GetInt32(1)), cancellationToken, Sql.Id("run", run.Id))];

    private async Task<bool> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static NpgsqlParameter Span(string name, TimeSpan span) => new(name, NpgsqlDbType.Interval) { Value = span };
}
