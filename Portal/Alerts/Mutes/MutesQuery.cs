using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Mutes;

/// <summary>Lists what is quiet now, the longest first.</summary>
public sealed class MutesQuery(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>All that are not over, at most 200.</summary>
    public async Task<Result<Page<MuteDetails>>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"select {MuteDetails.Columns} from alert_mutes where organisation_id = @organisation and until > @now order by until desc, id limit 200", MuteDetails.Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Time("now", clock.GetUtcNow()));
        return PageSize.Page(rows, rows.Count, m => m.Id.ToString());
    }
}
