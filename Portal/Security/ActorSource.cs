using System.Security.Claims;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Security;

/// <summary>Makes the actor of a signed-in principal: roles from the session, organisation and teams from the database.</summary>
public sealed class ActorSource(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>The claim that names a portal user; sessions of tokens and links have none.</summary>
    public const string UserIdClaim = "agw:user";

    /// <summary>The actor of a principal.</summary>
    /// <param name="principal">Signed in.</param>
    /// <param name="organisation">Slug of the organisation that an operator wants to act in; null = the oldest. Others always act in their own.</param>
    /// <param name="remoteAddress">Where the request came from.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async Task<Result<Actor>> GetAsync(
        ClaimsPrincipal principal, string? organisation, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (principal.Identity is not { IsAuthenticated: true, Name: { } name }) return new Failure.Forbidden("Sign in first.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (principal.FindFirstValue(UserIdClaim) is { } claim) return await OfUserAsync(context, claim, remoteAddress, cancellationToken);

        var roles = principal.FindAll(ClaimTypes.Role).Select(c => c.Value).ToArray();
        if (!roles.Contains(Roles.Operator, StringComparer.Ordinal)) return new Failure.Forbidden("Your account is not known here any more.");
        var chosen = await context.Organisations
            .Where(o => organisation == null || o.Slug == organisation)
            .OrderBy(o => o.CreatedAt).ThenBy(o => o.Id)
            .Select(o => (Guid?)o.Id).FirstOrDefaultAsync(cancellationToken);
        if (organisation is not null && chosen is null) return new Failure.NotFound("organisation");
        return new Actor { Name = name, Roles = roles, OrganisationId = chosen, RemoteAddress = remoteAddress };
    }

    // Role and teams are read anew each time: who is disabled or moved loses the right at once, not when the session ends.
    private static async Task<Result<Actor>> OfUserAsync(GatewayDbContext context, string claim, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(claim, out var id)) return new Failure.Forbidden("Your account is not known here any more.");
        var user = await context.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id && u.DisabledAt == null, cancellationToken);
        if (user is null) return new Failure.Forbidden("Your account is not known here any more.");
        var leads = string.Equals(user.Role, Roles.TeamLead, StringComparison.Ordinal);
        var teams = await context.TeamMembers.Where(m => m.UserId == id && (!leads || m.IsLead)).Select(m => m.TeamId).ToListAsync(cancellationToken);
        return new Actor
        {
            Name = user.Email,
            Roles = [user.Role],
            OrganisationId = user.OrganisationId,
            TeamIds = teams,
            UserId = user.Id,
            RemoteAddress = remoteAddress,
        };
    }
}
