using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Deletes a rule. For operators, organisation admins and platform engineers.</summary>
public sealed class DeleteRule(ConfigurationWriter writer)
{
    /// <summary>Deletes it; gateways follow within a second.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var row = await write.Context.RoutingRules.FirstOrDefaultAsync(r => r.Id == id && r.OrganisationId == organisation, token);
            if (row is null) return new Failure.NotFound("rule");
            write.Context.RoutingRules.Remove(row);
            write.Record<RuleDetails>("rule.delete", ConfigurationKinds.Rule, id, organisation, RuleDetails.Of(row), null, DocumentJson.Default.RuleDetails);
            return new Done();
        }, cancellationToken);
    }
}
