using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Mutes;

/// <summary>Ends a mute before its time; what goes on is told then.</summary>
public sealed class EndMute(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Ends it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageAlerts) is { } refusal) return refusal;
        var rows = await database.ReadAsync("update alert_mutes set until = @now where id = @id and organisation_id = @organisation and until > @now returning id", r => r.GetGuid(0), cancellationToken,
            Sql.Id("id", id), Sql.Id("organisation", actor.OrganisationId), Sql.Time("now", clock.GetUtcNow()));
        return rows.Count == 1 ? new Done() : new Failure.NotFound("mute");
    }
}
