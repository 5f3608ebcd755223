using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>Makes a schedule; its first file is that of the period that runs now. For operators and organisation admins.</summary>
public sealed class CreateExport(ConfigurationWriter writer)
{
    /// <summary>Most schedules of an organisation.</summary>
    public const int MaxOfOrganisation = 10;

    /// <summary>Makes it.</summary>
    public async Task<Result<ExportDetails>> RunAsync(Actor actor, ExportRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var name = checks.Slug("name", request.Name);
        var format = checks.Choice("format", request.Format, ExportFormats.All, ExportFormats.Csv);
        var period = checks.Choice("period", request.Period, ExportPeriods.All, ExportPeriods.Daily);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ExportDetails>(actor, async (write, token) =>
        {
            var connection = (NpgsqlConnection)write.Context.Database.GetDbConnection();
            var zone = await write.Context.Organisations.Where(o => o.Id == organisation).Select(o => o.TimeZone).SingleAsync(token);
            await using (var look = new NpgsqlCommand("select count(*), count(*) filter (where name = @name) from usage_exports where organisation_id = @organisation", connection))
            {
                look.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("organisation", organisation), Sql.Text("name", name)]);
                await using var reader = await look.ExecuteReaderAsync(token);
                await reader.ReadAsync(token);
                if (reader.GetInt64(1) > 0) return new Failure.Conflict($"There is an export {name} already.", "name");
                if (reader.GetInt64(0) >= MaxOfOrganisation) return new Failure.Conflict($"An organisation may have {MaxOfOrganisation} exports. Delete one first.");
            }
            var made = new ExportDetails
            {
                Id = write.NewId(), Name = name, Format = format, Period = period, IsEnabled = true, NextFrom = ExportPeriods.Of(period, write.Now, Moment.Zone(zone)).Start, CreatedBy = actor.Name, CreatedAt = write.Now,
            };
            await using var insert = new NpgsqlCommand("""
                insert into usage_exports (id, organisation_id, name, format, period, is_enabled, next_from, created_by, created_at)
                values (@id, @organisation, @name, @format, @period, true, @next, @by, @now)
                """, connection);
            insert.Parameters.AddRange((NpgsqlParameter[])
            [
                Sql.Id("id", made.Id), Sql.Id("organisation", organisation), Sql.Text("name", name), Sql.Text("format", format), Sql.Text("period", period), Sql.Time("next", made.NextFrom),
                Sql.Text("by", made.CreatedBy), Sql.Time("now", made.CreatedAt),
            ]);
            await insert.ExecuteNonQueryAsync(token);
            write.Note("usage_export.create", ConfigurationKinds.Organisation, made.Id, organisation, made, DocumentJson.Default.ExportDetails);
            return made;
        }, cancellationToken);
    }
}
