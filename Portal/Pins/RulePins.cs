using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Pins;

/// <summary>Pins of what a routing rule decides about. One that could never hold is refused, and so is a change of the rule that would leave one behind.</summary>
internal static class RulePins
{
    /// <summary>The rule that a pin of a model is to be set on.</summary>
    /// <param name="context">The rows.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="rule">The rule's id or name.</param>
    /// <param name="model">The model's own name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<ScopeTarget>> FindAsync(GatewayDbContext context, Guid organisation, string rule, string model, CancellationToken cancellationToken)
    {
        Guid? id = Guid.TryParse(rule, out var parsed) ? parsed : null;
        var row = await context.RoutingRules.AsNoTracking().Where(r => r.OrganisationId == organisation && (r.Id == id || r.Name == rule))
            .OrderByDescending(r => r.Id == id).FirstOrDefaultAsync(cancellationToken);
        if (row is null) return new Failure.Invalid([new("scope_id", $"There is no rule {rule}.")]);
        return await MayMeetAsync(context, organisation, RuleDetails.Of(row).Then, model, cancellationToken)
            ? new ScopeTarget(organisation, PinScopes.Rule, row.Id.ToString(), null)
            : new Failure.Invalid([new("model", $"Rule {row.Name} never sends to model {model}: it must send to that model, or only order its deployments.")]);
    }

    /// <summary>Null when every pin of a rule can still hold once it does this; otherwise which could not.</summary>
    public static async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid rule, RuleAction then, CancellationToken cancellationToken)
    {
        foreach (var model in await OfRule(context, organisation, rule).Select(p => p.Model).ToListAsync(cancellationToken))
            if (!await MayMeetAsync(context, organisation, then, model, cancellationToken))
                return new Failure.Conflict($"Its requests for model {model} are pinned, and they would not go there any more. Delete that pin first.", "then");
        return null;
    }

    /// <summary>Null when nothing is pinned by a rule that is to go; otherwise what is.</summary>
    public static async Task<Failure?> CheckUnusedAsync(GatewayDbContext context, Guid organisation, Guid rule, CancellationToken cancellationToken) =>
        await OfRule(context, organisation, rule).Select(p => p.Model).FirstOrDefaultAsync(cancellationToken) is { } model
            ? new Failure.Conflict($"Its requests for model {model} are pinned. Delete that pin first.")
            : null;

    private static IQueryable<Pin> OfRule(GatewayDbContext context, Guid organisation, Guid rule)
    {
        var id = rule.ToString();
        return context.Pins.Where(p => p.OrganisationId == organisation && p.ScopeKind == PinScopes.Rule && p.ScopeId == id).OrderBy(p => p.Model);
    }

    // One that only orders leaves requests where they are: at any model. One deployment stands alone, as no logical model.
    private static async Task<bool> MayMeetAsync(GatewayDbContext context, Guid organisation, RuleAction then, string model, CancellationToken cancellationToken) =>
        then.Strategy is not null || (then.Model is { } to
            && (to == model || await context.Models.AnyAsync(m => m.OrganisationId == organisation && m.Name == model && m.Aliases.Any(a => a.Name == to), cancellationToken)));
}
