using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Lists an organisation's rules in their order, and its own tasks by name; there are few enough for one page.</summary>
public sealed class RulesQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>Every rule, the one that is asked first in front.</summary>
    public async Task<Result<Page<RuleDetails>>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await InOrder(context, actor.OrganisationId!.Value).AsNoTracking().ToListAsync(cancellationToken);
        return new Page<RuleDetails>(rows.ConvertAll(RuleDetails.Of), null);
    }

    /// <summary>One rule.</summary>
    public async Task<Result<RuleDetails>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.RoutingRules.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id && r.OrganisationId == actor.OrganisationId, cancellationToken);
        return row is null ? new Failure.NotFound("rule") : RuleDetails.Of(row);
    }

    /// <summary>Every own task, by name.</summary>
    public async Task<Result<Page<TaskDetails>>> TasksAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.RoutingTasks.AsNoTracking().Where(t => t.OrganisationId == actor.OrganisationId).OrderBy(t => t.Name).ToListAsync(cancellationToken);
        return new Page<TaskDetails>(rows.ConvertAll(TaskDetails.Of), null);
    }

    /// <summary>An organisation's rules in their order.</summary>
    internal static IQueryable<RoutingRule> InOrder(GatewayDbContext context, Guid organisation) =>
        context.RoutingRules.Where(r => r.OrganisationId == organisation).OrderBy(r => r.Position).ThenBy(r => r.Id);
}
