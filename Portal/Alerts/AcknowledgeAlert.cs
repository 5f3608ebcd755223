using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>Says that somebody looks after an alert. It stays open until what it is about is over; the first who says so stands with it.</summary>
public sealed class AcknowledgeAlert(NpgsqlDataSource database, TimeProvider clock)
{
    private readonly BrakeBook brakes = new(database, clock);

    /// <summary>Takes it on.</summary>
    public async Task<Result<AlertRow>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageAlerts) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"""
            update alerts a set acknowledged_at = coalesce(acknowledged_at, @now), acknowledged_by = coalesce(acknowledged_by, @who)
            where a.id = @id and a.organisation_id = @organisation
            returning {AlertsQuery.Columns}
            """, AlertsQuery.Row, cancellationToken,
            Sql.Id("id", id), Sql.Id("organisation", actor.OrganisationId), Sql.Time("now", clock.GetUtcNow()), Sql.Text("who", actor.Name));
        return rows is [_] ? (await brakes.WithAsync(rows, cancellationToken))[0] : new Failure.NotFound("alert");
    }
}
