using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Webhooks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>
/// Writes files that are due. A run is noted before its file is written, and ended together with the schedule's next begin and the event for webhooks: killed in between, the same file is
/// written again under the same name, and told of once. Of a schedule one portal writes at a time, by a lock that dies with it.
/// </summary>
internal sealed class ExportRunner(NpgsqlDataSource database, IOptions<ExportOptions> options, TimeProvider clock)
{
    private const long LockSpace = 0x45585054; // "EXPT"
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Writes one file of every schedule that has one due.</summary>
    /// <returns>How many were written.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromMinutes(options.Value.WaitMinutes);
        var due = await database.ReadAsync("""
            select e.id, e.organisation_id, o.slug, e.name, e.format, e.period, e.next_from, o.time_zone from usage_exports e join organisations o on o.id = e.organisation_id
            where e.is_enabled and e.next_from < @now and not exists (select from usage_export_runs r where r.export_id = e.id and r.status = 'running' and r.next_attempt_at > @now) order by e.id
            """, r => (Id: r.GetGuid(0), Organisation: r.GetGuid(1), Slug: r.GetString(2), Name: r.GetString(3), Format: r.GetString(4), Period: r.GetString(5), From: r.GetFieldValue<DateTimeOffset>(6), Zone: r.GetString(7)),
            cancellationToken, Sql.Time("now", clock.GetUtcNow()));
        var written = 0;
        foreach (var export in due)
        {
            var to = ExportPeriods.Of(export.Period, export.From, Moment.Zone(export.Zone)).End;
            if (to + wait > clock.GetUtcNow()) continue;
            var stamp = string.Create(CultureInfo.InvariantCulture, $"{export.From.UtcDateTime:yyyyMMdd'T'HHmm'Z'}");
            var run = new DueRun(Guid.Empty, export.Organisation, export.Slug, export.Name, export.Format, export.From.ToUniversalTime(), to, 0, 0, Path.Combine(export.Slug, export.Name, $"usage-{stamp}.{export.Format}"));
            if (await OneAsync(export.Id, run, cancellationToken)) written++;
        }
        return written;
    }

    private async Task<bool> OneAsync(Guid export, DueRun due, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await ScalarAsync(connection, "select pg_try_advisory_lock(hashtextextended(@export::text, @space))", cancellationToken, Sql.Id("export", export), Sql.Number("space", LockSpace)) is not true) return false;
        try
        {
            if (await BeginAsync(connection, export, due, cancellationToken) is not { } run) return false;
            try
            {
                var manifest = await ExportFile.WriteAsync(database, run, options.Value.Folder, cancellationToken);
                await EndAsync(export, run, manifest, cancellationToken);
                return true;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                await FailAsync(run, $"The file cannot be written: {fault.Message}", cancellationToken);
                return false;
            }
        }
        finally
        {
            await ScalarAsync(connection, "select pg_advisory_unlock(hashtextextended(@export::text, @space))", CancellationToken.None, Sql.Id("export", export), Sql.Number("space", LockSpace));
        }
    }

    // The transactions that it tells of are those that had ended when it was begun first. In another cluster, out of a dump, they have other numbers: then nothing of before is told again.
    private async Task<DueRun?> BeginAsync(NpgsqlConnection connection, Guid export, DueRun due, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with moved as (
                update usage_exports e set since = pg_snapshot_xmin(pg_current_snapshot()), cluster = usage_cluster() where e.id = @export and e.cluster <> usage_cluster()
            ), stale as (
                delete from usage_export_runs r using usage_exports e where e.id = r.export_id and r.export_id = @export and r.status = 'running' and e.cluster <> usage_cluster()
            )
            select e.next_from = @from and e.is_enabled, e.cluster = usage_cluster() from usage_exports e where e.id = @export
            """, connection);
        command.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("export", export), Sql.Time("from", due.From)]);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            // Another portal wrote it meanwhile, or somebody paused or deleted the schedule; after a move it is begun at the next look.
            if (!await reader.ReadAsync(cancellationToken) || !reader.GetBoolean(0) || !reader.GetBoolean(1)) return null;
        }
        await using var begin = new NpgsqlCommand("""
            insert into usage_export_runs as r (id, export_id, organisation_id, from_at, to_at, since, until, file, status, attempts, next_attempt_at, created_at)
            select @id, e.id, e.organisation_id, @from, @to, e.since, pg_snapshot_xmin(pg_current_snapshot()), @file, 'running', 1, @now, @now from usage_exports e where e.id = @export
            on conflict (export_id, from_at) do update set attempts = r.attempts + 1, error = null
            returning id, to_at, since, until, file
            """, connection);
        begin.Parameters.AddRange((NpgsqlParameter[])
        [
            Sql.Id("id", Guid.CreateVersion7(clock.GetUtcNow())), Sql.Id("export", export), Sql.Time("from", due.From), Sql.Time("to", due.To), Sql.Text("file", due.File), Sql.Time("now", clock.GetUtcNow()),
        ]);
        await using var row = await begin.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? due with { Id = row.GetGuid(0), To = row.GetFieldValue<DateTimeOffset>(1), Since = row.GetFieldValue<ulong>(2), Until = row.GetFieldValue<ulong>(3), File = row.GetString(4) }
            : null;
    }

    private async Task EndAsync(Guid export, DueRun run, ExportManifest manifest, CancellationToken cancellationToken)
    {
        // One statement: ended, gone on, and on its way to webhooks, all or nothing.
        await database.ReadAsync("""
            with ended as (
                update usage_export_runs set status = 'done', records = @records, late = @late, bytes = @bytes, sha256 = @sha256, error = null, ended_at = @now where id = @id and status = 'running' returning *
            ), gone_on as (
                update usage_exports e set next_from = r.to_at, since = r.until from ended r where e.id = r.export_id
            ), sent as (
                insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
                select gen_random_uuid(), r.organisation_id, w.id, @type, jsonb_build_object('type', @type, 'timestamp', @now, 'data', jsonb_build_object('id', r.id, 'organization', @slug, 'export', @name,
                    'format', @format, 'from', r.from_at, 'to', r.to_at, 'file', r.file, 'records', r.records, 'late', r.late, 'bytes', r.bytes, 'sha256', r.sha256, 'download', '/api/usage-exports/file?run_id=' || r.id)), @now, @now
                from ended r join webhooks w on w.organisation_id = r.organisation_id and w.is_enabled and (cardinality(w.events) = 0 or @type = any(w.events))
            )
            select 1 from ended
            """, _ => 0, cancellationToken,
            Sql.Id("id", run.Id), Sql.Number("records", manifest.Records), Sql.Number("late", manifest.Late), Sql.Number("bytes", manifest.Bytes), Sql.Text("sha256", manifest.Sha256), Sql.Time("now", clock.GetUtcNow()),
            Sql.Text("type", WebhookEvents.UsageExported), Sql.Text("slug", run.Slug), Sql.Text("name", run.Name), Sql.Text("format", run.Format), Sql.Id("export", export));
    }

    private async Task FailAsync(DueRun run, string error, CancellationToken cancellationToken) => await database.ReadAsync("""
        update usage_export_runs set error = @error, next_attempt_at = @now + least(@longest, interval '1 minute' * power(2, least(attempts, 10) - 1)) where id = @id and status = 'running' returning 1
        """, _ => 0, cancellationToken, Sql.Id("id", run.Id), Sql.Text("error", error), Sql.Time("now", clock.GetUtcNow()), new("longest", NpgsqlTypes.NpgsqlDbType.Interval) { Value = LongestPause });

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
