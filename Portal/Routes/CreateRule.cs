using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Adds a rule. For operators, organisation admins and platform engineers.</summary>
public sealed class CreateRule(ConfigurationWriter writer)
{
    /// <summary>Adds it; gateways follow within a second.</summary>
    public async Task<Result<RuleDetails>> RunAsync(Actor actor, RuleRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = RuleSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<RuleDetails>(actor, async (write, token) =>
        {
            if (await write.Context.RoutingRules.CountAsync(r => r.OrganisationId == organisation, token) >= RuleBounds.MaxRules)
                return new Failure.Conflict($"There are {RuleBounds.MaxRules} rules already, as many as there may be. Delete one first.");
            if (await settings.CheckAsync(write.Context, organisation, Guid.Empty, token) is { } contradiction) return contradiction;
            var row = new RoutingRule
            {
                Id = write.NewId(), OrganisationId = organisation, Name = "", Conditions = "{}", Action = "{}", CreatedAt = write.Now, CreatedBy = actor.Name,
                Position = await write.Context.RoutingRules.Where(r => r.OrganisationId == organisation).MaxAsync(r => (int?)r.Position, token) + 1 ?? 0,
            };
            settings.Apply(row);
            write.Context.RoutingRules.Add(row);
            var after = RuleDetails.Of(row);
            write.Record("rule.create", ConfigurationKinds.Rule, row.Id, organisation, null, after, DocumentJson.Default.RuleDetails);
            return after;
        }, cancellationToken);
    }
}
