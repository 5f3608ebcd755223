using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Organisations;

/// <summary>Lists organisations: all for an operator, else those in which the person behind the actor has a role.</summary>
public sealed class OrganisationsQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, oldest first.</summary>
    public async Task<Result<Page<OrganisationDetails>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var all = Permissions.Of(actor, Permission.ManageOrganisations) != Reach.None;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Organisations.AsNoTracking()
            .Where(o => all || o.Id == actor.OrganisationId || (actor.Token == null && context.Users.Any(u => u.OrganisationId == o.Id && u.IdentityId != null && u.IdentityId == actor.IdentityId && u.DisabledAt == null)))
            .Where(o => from == null || o.Id > from)
            .OrderBy(o => o.Id).Take(take + 1)
            .Select(o => OrganisationDetails.Of(o)).ToListAsync(cancellationToken);
        return PageSize.Page(rows, take, o => o.Id.ToString());
    }

    /// <summary>Whether the person behind the actor may act in an organisation.</summary>
    public async Task<bool> MayOpenAsync(Actor actor, Guid organisation, CancellationToken cancellationToken)
    {
        var all = Permissions.Of(actor, Permission.ManageOrganisations) != Reach.None;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Organisations.AnyAsync(
            o => o.Id == organisation && (all || context.Users.Any(u => u.OrganisationId == o.Id && u.IdentityId != null && u.IdentityId == actor.IdentityId && u.DisabledAt == null)), cancellationToken);
    }

    /// <summary>The organisation that the actor acts in.</summary>
    public async Task<Result<OrganisationDetails>> OfAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Organisations.AsNoTracking().FirstOrDefaultAsync(o => o.Id == actor.OrganisationId, cancellationToken);
        return row is null ? new Failure.NotFound("organisation") : OrganisationDetails.Of(row);
    }
}
