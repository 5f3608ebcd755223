using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks;

/// <summary>What sets and runs can be made of.</summary>
/// <param name="Tasks">The classifier's tasks and the organisation's own.</param>
/// <param name="Models">Logical models, then providers' models as <c>provider/model</c>.</param>
/// <param name="Teams">Teams that are not archived.</param>
public sealed record BenchmarkChoices(IReadOnlyList<string> Tasks, IReadOnlyList<string> Models, IReadOnlyList<NamedId> Teams);

/// <summary>Reads the choices of the dialogs.</summary>
public sealed class BenchmarkChoicesQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>The choices of the actor's organisation.</summary>
    public async Task<Result<BenchmarkChoices>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var own = await context.RoutingTasks.Where(t => t.OrganisationId == organisation).OrderBy(t => t.Name).Select(t => t.Name).ToListAsync(cancellationToken);
        var models = await context.Models.Where(m => m.OrganisationId == organisation).OrderBy(m => m.Name).Select(m => m.Name).ToListAsync(cancellationToken);
        var direct = await context.Deployments.Where(d => d.OrganisationId == organisation && d.IsEnabled)
            .Join(context.Providers, d => d.ProviderId, p => p.Id, (d, p) => p.Slug + "/" + d.UpstreamModel).Distinct().OrderBy(n => n).ToListAsync(cancellationToken);
        return new BenchmarkChoices(
            [.. TaskLabels.All, .. own], [.. models, .. direct],
            await context.Teams.Where(t => t.OrganisationId == organisation && t.ArchivedAt == null).OrderBy(t => t.Name).Select(t => new NamedId(t.Id, t.Name)).ToListAsync(cancellationToken));
    }
}
