using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>Lists schedules and their files. For operators and organisation admins.</summary>
public sealed class ExportsQuery(NpgsqlDataSource database)
{
    /// <summary>The organisation's schedules by name.</summary>
    public async Task<Result<ExportDetails[]>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        List<ExportDetails> all = await database.ReadAsync(
            $"select {ExportDetails.Columns} from usage_exports where organisation_id = @organisation order by name", ExportDetails.Of, cancellationToken, Sql.Id("organisation", actor.OrganisationId));
        return all.ToArray();
    }

    /// <summary>A page of files, newest first; of one schedule or of all.</summary>
    public async Task<Result<Page<ExportRun>>> RunsAsync(Actor actor, Guid? export, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync($"""
            select {ExportRun.Columns} from usage_export_runs
            where organisation_id = @organisation and (@export::uuid is null or export_id = @export) and (@after::uuid is null or id < @after) order by id desc limit @limit
            """, ExportRun.Of, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("export", export), Sql.Id("after", from), Sql.Number("limit", take + 1));
        return PageSize.Page(rows, take, r => r.Id.ToString());
    }
}
