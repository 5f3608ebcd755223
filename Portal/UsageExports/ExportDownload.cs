using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>Hands a file out that was written. For operators and organisation admins.</summary>
public sealed class ExportDownload(NpgsqlDataSource database, IOptions<ExportOptions> options)
{
    /// <summary>The path of a file that is done and there.</summary>
    public async Task<Result<string>> PathAsync(Actor actor, Guid run, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        var found = await database.ReadAsync(
            "select file from usage_export_runs where id = @id and organisation_id = @organisation and status = 'done'", r => r.GetString(0), cancellationToken, Sql.Id("id", run), Sql.Id("organisation", actor.OrganisationId));
        if (found is not [var file]) return new Failure.NotFound("file");
        var path = Path.GetFullPath(Path.Combine(options.Value.Folder, file));
        return File.Exists(path) ? path : new Failure.NotFound("file");
    }
}
