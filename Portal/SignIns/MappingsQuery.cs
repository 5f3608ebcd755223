using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.SignIns;

/// <summary>Lists the sign-in mapping. For those who manage it: names of groups say much about a company.</summary>
public sealed class MappingsQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, oldest first.</summary>
    public async Task<Result<Page<MappingRow>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.SignInMappings.AsNoTracking()
            .Where(m => m.OrganisationId == actor.OrganisationId && (from == null || m.Id > from))
            .OrderBy(m => m.Id).Take(take + 1)
            .Select(m => new
            {
                Mapping = m,
                Team = context.Teams.Where(t => t.Id == m.TeamId).Select(t => t.Name).FirstOrDefault(),
                People = context.Identities.Count(i => i.Claims.Contains(m.Claim + ":" + m.Value)),
            }).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(r => new MappingRow { Mapping = MappingDetails.Of(r.Mapping), Team = r.Team, People = r.People }), take, r => r.Mapping.Id.ToString());
    }
}
