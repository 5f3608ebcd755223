using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>Deletes a deployment that no model uses, with its prices, limits and stop; usage records keep their cost. For those who manage models.</summary>
public sealed class DeleteDeployment(ConfigurationWriter writer)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var context = write.Context;
            var deployment = await context.Deployments.FirstOrDefaultAsync(d => d.Id == id && d.OrganisationId == organisation, token);
            if (deployment is null) return new Failure.NotFound("deployment");
            var user = await context.Models.Where(m => m.Deployments.Any(d => d.DeploymentId == id)).OrderBy(m => m.Name).Select(m => m.Name).FirstOrDefaultAsync(token);
            if (user is not null) return new Failure.Conflict($"Model {user} sends requests to it. Take it out of the model first.");
            if (await Routes.RuleTargets.CheckUnusedAsync(context, organisation, "deployment", [deployment.Name], token) is { } used) return used;
            if (await context.Pins.AnyAsync(p => p.DeploymentId == id, token)) return new Failure.Conflict("Requests are pinned to it. Change or delete the pin first.");
            context.Deployments.Remove(deployment);
            write.Record<DeploymentDetails>(
                "deployment.delete", ConfigurationKinds.Deployment, id, organisation, DeploymentDetails.Of(deployment), null, DocumentJson.Default.DeploymentDetails);

            var scope = id.ToString();
            foreach (var limit in await context.Limits.Where(l => l.OrganisationId == organisation && l.ScopeKind == ScopeKinds.Deployment && l.ScopeId == scope).ToListAsync(token))
            {
                context.Limits.Remove(limit);
                write.Record<LimitDetails>("limit.delete", ConfigurationKinds.Limit, limit.Id, organisation, LimitDetails.Of(limit), null, DocumentJson.Default.LimitDetails);
            }
            foreach (var stop in await context.KillSwitches.Where(k => k.OrganisationId == organisation && k.ScopeKind == ScopeKinds.Deployment && k.ScopeId == scope).ToListAsync(token))
            {
                context.KillSwitches.Remove(stop);
                write.Record<KillSwitchDetails>(
                    "kill_switch.release", ConfigurationKinds.KillSwitch, stop.Id, organisation, KillSwitchDetails.Of(stop), null, DocumentJson.Default.KillSwitchDetails);
            }
            return new Done();
        }, cancellationToken);
    }
}
