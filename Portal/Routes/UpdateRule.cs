using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Changes a rule. For operators, organisation admins and platform engineers.</summary>
public sealed class UpdateRule(ConfigurationWriter writer)
{
    /// <summary>Sets all its values.</summary>
    public async Task<Result<RuleDetails>> RunAsync(Actor actor, Guid id, RuleRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = RuleSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<RuleDetails>(actor, async (write, token) =>
        {
            var row = await write.Context.RoutingRules.FirstOrDefaultAsync(r => r.Id == id && r.OrganisationId == organisation, token);
            if (row is null) return new Failure.NotFound("rule");
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } contradiction) return contradiction;
            var before = RuleDetails.Of(row);
            settings.Apply(row);
            var after = RuleDetails.Of(row);
            write.Record("rule.update", ConfigurationKinds.Rule, id, organisation, before, after, DocumentJson.Default.RuleDetails);
            return after;
        }, cancellationToken);
    }
}
