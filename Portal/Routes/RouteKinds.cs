using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Pins;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>What routes are made of.</summary>
internal static class RouteKinds
{
    /// <summary>Rules; a new one is asked after all others.</summary>
    public static readonly RouteKind<RoutingRule, RuleDetails> Rule = new()
    {
        Name = "rule", Configuration = ConfigurationKinds.Rule, Most = RuleBounds.MaxRules, Show = RuleDetails.Of, Json = DocumentJson.Default.RuleDetails, MayGo = RulePins.CheckUnusedAsync,
        Rows = (context, organisation) => context.RoutingRules.Where(r => r.OrganisationId == organisation),
        New = async (write, actor, organisation, id, token) => new()
        {
            Id = id, OrganisationId = organisation, Name = "", Conditions = "{}", Action = "{}", CreatedAt = write.Now, CreatedBy = actor.Name,
            Position = await write.Context.RoutingRules.Where(r => r.OrganisationId == organisation).MaxAsync(r => (int?)r.Position, token) + 1 ?? 0,
        },
    };

    /// <summary>Tasks of an organisation's own.</summary>
    public static readonly RouteKind<RoutingTask, TaskDetails> Task = new()
    {
        Name = "task", Configuration = ConfigurationKinds.Task, Most = RuleBounds.MaxTasks, Show = TaskDetails.Of, Json = DocumentJson.Default.TaskDetails,
        Rows = (context, organisation) => context.RoutingTasks.Where(t => t.OrganisationId == organisation),
        New = (write, actor, organisation, id, _) => System.Threading.Tasks.Task.FromResult(
            new RoutingTask { Id = id, OrganisationId = organisation, Name = "", CreatedAt = write.Now, CreatedBy = actor.Name }),
    };
}
