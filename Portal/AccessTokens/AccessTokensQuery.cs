using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>What to list.</summary>
public sealed record AccessTokensFilter
{
    /// <summary>True: everybody's of the organisation, for who may manage people here; otherwise one's own.</summary>
    public bool Everybody { get; init; }

    /// <summary>Whether those that work no more are listed too.</summary>
    public bool IncludeEnded { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>Lists access tokens.</summary>
public sealed class AccessTokensQuery(IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    /// <summary>A page, newest first.</summary>
    public async Task<Result<Page<AccessTokenDetails>>> RunAsync(Actor actor, AccessTokensFilter filter, CancellationToken cancellationToken)
    {
        if (actor.Roles.Count == 0) return ActorSource.NoRole;
        if (actor.OrganisationId is not { } organisation) return new Failure.NotFound("organisation");
        if (filter.Everybody && Permissions.Refuse(actor, Permission.ManageTeams) is not null) return new Failure.Forbidden("Your role may see your own tokens only.");
        if (!Cursor.TryRead(filter.After, out var from)) return Cursor.Fault;
        var (take, now) = (PageSize.Of(filter.Limit), clock.GetUtcNow());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.AccessTokens.AsNoTracking()
            .Where(t => t.OrganisationId == organisation && (filter.Everybody || (actor.IdentityId != null && t.IdentityId == actor.IdentityId)))
            .Where(t => filter.IncludeEnded || (t.RevokedAt == null && t.ExpiresAt > now))
            .Where(t => from == null || t.Id < from)
            .OrderByDescending(t => t.Id).Take(take + 1)
            .Join(context.Identities, t => t.IdentityId, i => i.Id, (t, i) => new { Token = t, i.Email }).OrderByDescending(t => t.Token.Id)
            .ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(r => AccessTokenDetails.Of(r.Token, r.Email)), take, t => t.Id.ToString());
    }
}
