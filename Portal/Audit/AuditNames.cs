using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Audit;

/// <summary>Names of the ids that documents hold, of the actor's organisation only.</summary>
public sealed class AuditNames(NpgsqlDataSource database)
{
    /// <summary>The names of those that are there still.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> OfAsync(Actor actor, IEnumerable<AuditRow> changes, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. changes.SelectMany(AuditDiff.Ids).Distinct()];
        var rows = await database.ReadAsync("""
            select id, name from teams where organisation_id = @organisation and id = any(@ids)
            union all select id, name from virtual_keys where organisation_id = @organisation and id = any(@ids)
            union all select id, name from deployments where organisation_id = @organisation and id = any(@ids)
            union all select id, name from models where organisation_id = @organisation and id = any(@ids)
            union all select id, name from providers where organisation_id = @organisation and id = any(@ids)
            union all select id, name from credentials where organisation_id = @organisation and id = any(@ids)
            union all select id, name from tiers where organisation_id = @organisation and id = any(@ids)
            union all select id, name from routing_rules where organisation_id = @organisation and id = any(@ids)
            union all select id, email from users where organisation_id = @organisation and id = any(@ids)
            """, r => (Id: r.GetGuid(0), Name: r.GetString(1)), cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Ids("ids", ids));
        return rows.DistinctBy(r => r.Id).ToDictionary(r => r.Id, r => r.Name);
    }
}
