using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Puts the rules into another order. For operators, organisation admins and platform engineers.</summary>
public sealed class ReorderRules(ConfigurationWriter writer)
{
    /// <summary>Asks the rules in this order from now on; gateways follow within a second.</summary>
    public async Task<Result<Page<RuleDetails>>> RunAsync(Actor actor, ReorderRulesRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Page<RuleDetails>>(actor, async (write, token) =>
        {
            var rows = await RulesQuery.InOrder(write.Context, organisation).ToListAsync(token);
            var ids = request.Ids ?? [];
            // Somebody may have added or deleted one meanwhile: then nobody knows where that one belongs.
            if (ids.Count != rows.Count || !ids.ToHashSet().SetEquals(rows.Select(r => r.Id)))
                return new Failure.Invalid([new("ids", "ids holds every rule once. The rules may have changed meanwhile: list them again.")]);
            for (var at = 0; at < ids.Count; at++)
            {
                var row = rows.Find(r => r.Id == ids[at])!;
                if (row.Position == at) continue;
                var before = RuleDetails.Of(row);
                row.Position = at;
                write.Record("rule.move", ConfigurationKinds.Rule, row.Id, organisation, before, RuleDetails.Of(row), DocumentJson.Default.RuleDetails);
            }
            return new Page<RuleDetails>([.. rows.OrderBy(r => r.Position).Select(RuleDetails.Of)], null);
        }, cancellationToken);
    }
}
