using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Mutes;

/// <summary>Keeps an alert quiet for a time: it is written down, and nobody is told. When the time is over and it still goes on, they are.</summary>
public sealed class MuteAlert(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MaxReason = 300;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    /// <summary>Mutes what an alert is about.</summary>
    public async Task<Result<MuteDetails>> RunAsync(Actor actor, Guid alert, MuteRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageAlerts) is { } refusal) return refusal;
        var (checks, now) = (new FieldChecks(), clock.GetUtcNow());
        var reason = checks.Text("reason", request.Reason, MaxReason);
        checks.Must(request.Until > now && request.Until <= now + s_longest, "until", $"until is a time from now to {s_longest.TotalDays:0} days from now.");
        if (checks.Failure is { } faults) return faults;
        var rows = await database.ReadAsync($"""
            insert into alert_mutes (id, organisation_id, kind, subject, until, reason, created_at, created_by)
            select @id, a.organisation_id, a.kind, case when @whole then null else a.subject end, @until, @reason, @now, @who from alerts a where a.id = @alert and a.organisation_id = @organisation
            returning {MuteDetails.Columns}
            """, MuteDetails.Row, cancellationToken,
            Sql.Id("id", Guid.CreateVersion7(now)), Sql.Id("alert", alert), Sql.Id("organisation", actor.OrganisationId), new NpgsqlParameter<bool>("whole", request.WholeKind ?? false),
            Sql.Time("until", request.Until), Sql.Text("reason", reason), Sql.Time("now", now), Sql.Text("who", actor.Name));
        return rows is [var mute] ? mute : new Failure.NotFound("alert");
    }
}
