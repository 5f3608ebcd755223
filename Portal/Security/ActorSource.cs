using System.Security.Claims;
using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Security;

/// <summary>
/// Makes the actor of a signed-in principal. Session or token, roles, organisation and teams are read anew each time: who signs out, is disabled, moved, or loses a role loses the right at once, not when the
/// session ends.
/// </summary>
public sealed class ActorSource(IDbContextFactory<GatewayDbContext> contexts, Sessions sessions, AccessTokenLookup tokens, Operators operators)
{
    /// <summary>The claim that names the session; principals of the pages have it. Of this type, so that forms stay good when roles change while their page is open.</summary>
    public const string SessionClaim = ClaimTypes.NameIdentifier;

    /// <summary>The claim that names the access token.</summary>
    public const string TokenClaim = "agw:token";

    /// <summary>The session is over, or who vouched for it is believed no more.</summary>
    public static Failure SessionEnded { get; } = new Failure.Forbidden("Your session has ended. Sign in again.");

    /// <summary>Signed in, but nothing more.</summary>
    public static Failure NoRole { get; } = new Failure.Forbidden("You have no role here. An administrator of your organisation can give you one.");

    /// <summary>The actor of a principal.</summary>
    /// <param name="principal">Signed in.</param>
    /// <param name="organisation">Slug of the organisation to act in; null = the one that was chosen in the session, else the oldest of one's own.</param>
    /// <param name="remoteAddress">Where the request came from.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <param name="held">The organisation that an open page acts in, whatever another page chose meanwhile.</param>
    /// <param name="use">False = only asks, so that an idle session stays idle.</param>
    public async Task<Result<Actor>> GetAsync(
        ClaimsPrincipal principal, string? organisation, string? remoteAddress, CancellationToken cancellationToken, Guid? held = null, bool use = true)
    {
        if (principal.Identity is not { IsAuthenticated: true, Name: { } name }) return new Failure.Forbidden("Sign in first.");
        if (principal.FindFirstValue(TokenClaim) is { } token) return await OfTokenAsync(token, organisation, remoteAddress, cancellationToken);
        if (principal.FindFirstValue(SessionClaim) is { } session)
        {
            if (!Guid.TryParse(session, out var id) || await sessions.FindAsync(id, use, cancellationToken) is not { } found) return SessionEnded;
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            return await OfPersonAsync(context, found.Person, organisation, found.OrganisationId, held, remoteAddress, cancellationToken);
        }

        // Left is the admin token, which is an operator by itself.
        var roles = principal.FindAll(ClaimTypes.Role).Select(c => c.Value).ToArray();
        if (principal.Identity.AuthenticationType != AdminTokenHandler.SchemeName || !roles.Contains(Roles.Operator, StringComparer.Ordinal)) return SessionEnded;
        await using var all = await contexts.CreateDbContextAsync(cancellationToken);
        var chosen = await OfOperatorAsync(all, organisation, null, cancellationToken);
        if (organisation is not null && chosen is null) return new Failure.NotFound("organisation");
        return new Actor { Name = name, Roles = roles, OrganisationId = chosen, RemoteAddress = remoteAddress };
    }

    private async Task<Result<Actor>> OfTokenAsync(string claim, string? organisation, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(claim, out var id) || await tokens.FindAsync(id, cancellationToken) is not { } token) return new Failure.Forbidden("The access token works no more.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (organisation is not null && !await context.Organisations.AnyAsync(o => o.Id == token.OrganisationId && o.Slug == organisation, cancellationToken))
            return new Failure.Forbidden("The access token works in the organisation that it was made in only.");
        var owner = await OfPersonAsync(context, token.Person, null, null, token.OrganisationId, remoteAddress, cancellationToken);
        return owner.Failure is { } none ? none : owner.Value with { Token = new(token.Id, token.Name, token.Scopes, token.ExpiresAt) };
    }

    private async Task<Result<Actor>> OfPersonAsync(
        GatewayDbContext context, Person person, string? organisation, Guid? chosen, Guid? held, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (!operators.Believes(person.Issuer)) return SessionEnded;
        var users = await context.Users.AsNoTracking()
            .Where(u => u.IdentityId == person.IdentityId && u.DisabledAt == null)
            .Join(context.Organisations, u => u.OrganisationId, o => o.Id, (u, o) => new { User = u, o.Slug })
            .OrderBy(u => u.User.CreatedAt).ThenBy(u => u.User.Id).ToListAsync(cancellationToken);
        if (operators.Includes(person))
        {
            var at = held ?? await OfOperatorAsync(context, organisation, chosen, cancellationToken);
            if (organisation is not null && at is null) return new Failure.NotFound("organisation");
            return new Actor
            {
                Name = person.Email, Roles = [Roles.Operator], OrganisationId = at, IdentityId = person.IdentityId, RemoteAddress = remoteAddress,
                UserId = users.Find(u => u.User.OrganisationId == at)?.User.Id,
            };
        }

        var mine = held is not null ? users.Find(u => u.User.OrganisationId == held)
            : organisation is not null ? users.Find(u => string.Equals(u.Slug, organisation, StringComparison.Ordinal))
            : users.Find(u => u.User.OrganisationId == chosen) ?? users.FirstOrDefault();
        if (mine is null) return organisation is not null && users.Count > 0 ? new Failure.NotFound("organisation") : NoRole;
        var (user, leads) = (mine.User, string.Equals(mine.User.Role, Roles.TeamLead, StringComparison.Ordinal));
        return new Actor
        {
            Name = user.Email,
            Roles = [user.Role],
            OrganisationId = user.OrganisationId,
            TeamIds = await context.TeamMembers.Where(m => m.UserId == user.Id && (!leads || m.IsLead)).Select(m => m.TeamId).ToListAsync(cancellationToken),
            UserId = user.Id,
            IdentityId = person.IdentityId,
            RemoteAddress = remoteAddress,
        };
    }

    private static Task<Guid?> OfOperatorAsync(GatewayDbContext context, string? organisation, Guid? chosen, CancellationToken cancellationToken) => context.Organisations
        .Where(o => organisation == null || o.Slug == organisation)
        .OrderByDescending(o => o.Id == chosen).ThenBy(o => o.CreatedAt).ThenBy(o => o.Id)
        .Select(o => (Guid?)o.Id).FirstOrDefaultAsync(cancellationToken);
}
