using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>Pauses a schedule, lets it go on, or deletes it; files that were written stay. For operators and organisation admins.</summary>
public sealed class ChangeExport(ConfigurationWriter writer)
{
    /// <summary>Pauses it or lets it go on; it then catches up, file by file.</summary>
    public Task<Result<ExportDetails>> EnableAsync(Actor actor, Guid id, bool isEnabled, CancellationToken cancellationToken) =>
        RunAsync(actor, id, isEnabled ? "usage_export.resume" : "usage_export.pause", "update usage_exports set is_enabled = @enabled where id = @id and organisation_id = @organisation", isEnabled, cancellationToken);

    /// <summary>Deletes it with the history of its files.</summary>
    public Task<Result<ExportDetails>> DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        RunAsync(actor, id, "usage_export.delete", "delete from usage_exports where id = @id and organisation_id = @organisation", false, cancellationToken);

    private async Task<Result<ExportDetails>> RunAsync(Actor actor, Guid id, string action, string sql, bool isEnabled, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<ExportDetails>(actor, async (write, token) =>
        {
            var connection = (NpgsqlConnection)write.Context.Database.GetDbConnection();
            await using var command = new NpgsqlCommand($"{sql} returning {ExportDetails.Columns}", connection);
            command.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("id", id), Sql.Id("organisation", organisation), new("enabled", isEnabled)]);
            ExportDetails after;
            await using (var reader = await command.ExecuteReaderAsync(token))
            {
                if (!await reader.ReadAsync(token)) return new Failure.NotFound("export");
                after = ExportDetails.Of(reader);
            }
            write.Note(action, ConfigurationKinds.Organisation, id, organisation, after, DocumentJson.Default.ExportDetails);
            return after;
        }, cancellationToken);
    }
}
