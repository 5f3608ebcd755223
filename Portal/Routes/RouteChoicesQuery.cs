using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>What rules can be made of.</summary>
/// <param name="Models">Names of logical models.</param>
/// <param name="Deployments">Names of deployments.</param>
/// <param name="Tasks">The classifier's tasks and the organisation's own.</param>
/// <param name="Teams">Teams.</param>
/// <param name="Keys">Valid keys, newest first, at most 200.</param>
/// <param name="Tiers">Names of tiers.</param>
/// <param name="TimeZone">The organisation's time zone.</param>
public sealed record RouteChoices(
    IReadOnlyList<string> Models, IReadOnlyList<string> Deployments, IReadOnlyList<string> Tasks, IReadOnlyList<NamedId> Teams, IReadOnlyList<NamedId> Keys, IReadOnlyList<string> Tiers,
    string TimeZone);

/// <summary>Something by its id, with its name for people.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record NamedId(Guid Id, string Name);

/// <summary>Reads the choices of the rule dialog.</summary>
public sealed class RouteChoicesQuery(IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    /// <summary>The choices of the actor's organisation.</summary>
    public async Task<Result<RouteChoices>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var (organisation, now) = (actor.OrganisationId!.Value, clock.GetUtcNow());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var own = await context.RoutingTasks.Where(t => t.OrganisationId == organisation).OrderBy(t => t.Name).Select(t => t.Name).ToListAsync(cancellationToken);
        return new RouteChoices(
            await context.Models.Where(m => m.OrganisationId == organisation).OrderBy(m => m.Name).Select(m => m.Name).ToListAsync(cancellationToken),
            await context.Deployments.Where(d => d.OrganisationId == organisation).OrderBy(d => d.Name).Select(d => d.Name).ToListAsync(cancellationToken),
            [.. TaskLabels.All, .. own],
            await context.Teams.Where(t => t.OrganisationId == organisation && t.ArchivedAt == null).OrderBy(t => t.Name).Select(t => new NamedId(t.Id, t.Name)).ToListAsync(cancellationToken),
            await context.VirtualKeys.Where(k => k.OrganisationId == organisation && (k.RevokedAt == null || k.RevokedAt > now) && (k.ExpiresAt == null || k.ExpiresAt > now))
                .OrderByDescending(k => k.Id).Take(PageSize.Max).Select(k => new NamedId(k.Id, k.Name)).ToListAsync(cancellationToken),
            await context.Tiers.Where(t => t.OrganisationId == organisation).OrderBy(t => t.Name).Select(t => t.Name).ToListAsync(cancellationToken),
            await context.Organisations.Where(o => o.Id == organisation).Select(o => o.TimeZone).FirstOrDefaultAsync(cancellationToken) ?? "UTC");
    }
}
