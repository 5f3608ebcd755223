using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Retention;

/// <summary>Sets how long the organisation keeps usage and journeys; what is older goes within an hour and does not come back. For operators and its admins.</summary>
public sealed class SetRetention(ConfigurationWriter writer)
{
    /// <summary>
    /// Least days of usage: a month of a budget, the eight days in which gateways that were cut off bring late records, and the day that runs. Of these the ledger is rebuilt.
    /// </summary>
    public const int LeastUsageDays = 40;

    /// <summary>Most days of either.</summary>
    public const int MostDays = 3660;

    /// <summary>Sets both values.</summary>
    public async Task<Result<RetentionSettings>> RunAsync(Actor actor, RetentionSettings request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Must(request.UsageDays is null or >= LeastUsageDays and <= MostDays, "usage_days",
            $"usage_days must be from {LeastUsageDays} to {MostDays}: budgets of the current month are counted anew from these records when Redis loses its data.");
        checks.Must(request.JourneyDays is null or >= 1 and <= MostDays, "journey_days", $"journey_days must be from 1 to {MostDays}.");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<RetentionSettings>(actor, async (write, token) =>
        {
            var connection = (NpgsqlConnection)write.Context.Database.GetDbConnection();
            if (request.UsageDays is { } days && await NeededAsync(connection, organisation, token) is { } since)
            {
                var least = DateOnly.FromDateTime(write.Now.UtcDateTime).DayNumber - since.DayNumber;
                if (days < least)
                    return new Failure.Invalid([new("usage_days", string.Create(CultureInfo.InvariantCulture,
                        $"usage_days must be at least {least}: a budget without a period counts since {since:yyyy-MM-dd}, and is counted anew from these records. Delete that budget first, or keep usage for longer."))]);
            }
            var before = await ReadAsync(connection, organisation, token);
            if (before == request) return request;
            await using var command = new NpgsqlCommand("""
                insert into retention (organisation_id, usage_days, journey_days) values (@organisation, @usage, @journeys)
                on conflict (organisation_id) do update set usage_days = excluded.usage_days, journey_days = excluded.journey_days
                """, connection);
            command.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("organisation", organisation), Days("usage", request.UsageDays), Days("journeys", request.JourneyDays)]);
            await command.ExecuteNonQueryAsync(token);
            write.Note("retention.update", ConfigurationKinds.Organisation, organisation, organisation, request, DocumentJson.Default.RetentionSettings, before);
            return request;
        }, cancellationToken);
    }

    private static async Task<DateOnly?> NeededAsync(NpgsqlConnection connection, Guid organisation, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RetentionQuery.NeededSince, connection);
        command.Parameters.Add(Sql.Id("organisation", organisation));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.Nullable<DateOnly>(0) : null;
    }

    private static async Task<RetentionSettings> ReadAsync(NpgsqlConnection connection, Guid organisation, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select usage_days, journey_days from retention where organisation_id = @organisation", connection);
        command.Parameters.Add(Sql.Id("organisation", organisation));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new() { UsageDays = reader.Nullable<int>(0), JourneyDays = reader.Nullable<int>(1) } : new();
    }

    private static NpgsqlParameter Days(string name, int? days) => new(name, NpgsqlDbType.Integer) { Value = (object?)days ?? DBNull.Value };
}
