using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Canaries;

/// <summary>Makes a canary's deployment the model's first one and ends the canary. For those who manage models.</summary>
public sealed class PromoteCanary(ConfigurationWriter writer)
{
    /// <summary>Promotes it within a second: the deployment goes first, the others stay behind as fallbacks in their order, by the strategy priority.</summary>
    public async Task<Result<CanaryDetails>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<CanaryDetails>(actor, async (write, token) =>
        {
            var canary = await write.Context.Canaries.FirstOrDefaultAsync(c => c.Id == id && c.OrganisationId == organisation, token);
            if (canary is null) return new Failure.NotFound("canary");
            if (canary.Status != CanaryStatuses.Running) return new Failure.Conflict($"The canary has ended: it was {canary.Status.Replace('_', ' ')}.");
            if (await write.Context.SteeringEvents.AnyAsync(e => e.SubjectId == id && e.Type == SteeringEvents.CanaryTrip, token))
                return new Failure.Conflict("The gateways are rolling it back: it broke a guard.");
            var model = await write.Context.Models.Include(m => m.Aliases).Include(m => m.Deployments).AsSplitQuery()
                .FirstOrDefaultAsync(m => m.OrganisationId == organisation && m.Name == canary.Model, token);
            if (model is null) return new Failure.Conflict($"There is no model {canary.Model} any more. Abort the canary.");

            var (before, modelBefore) = (CanaryDetails.Of(canary), ModelDetails.Of(model));
            var position = 1;
            foreach (var other in model.Deployments.Where(d => d.DeploymentId != canary.DeploymentId).OrderBy(d => d.Position).ToList()) other.Position = position++;
            if (model.Deployments.Find(d => d.DeploymentId == canary.DeploymentId) is { } member) member.Position = 0;
            else model.Deployments.Add(new ModelDeployment { ModelId = model.Id, DeploymentId = canary.DeploymentId, Position = 0, Weight = 1 });
            model.Strategy = RoutingStrategies.Priority;
            (canary.Status, canary.EndedAt, canary.EndedBy) = (CanaryStatuses.Promoted, write.Now, actor.Name);

            var after = CanaryDetails.Of(canary);
            write.Record("canary.promote", ConfigurationKinds.Canary, id, organisation, before, after, DocumentJson.Default.CanaryDetails);
            write.Record("model.update", ConfigurationKinds.Model, model.Id, organisation, modelBefore, ModelDetails.Of(model), DocumentJson.Default.ModelDetails);
            return after;
        }, cancellationToken);
    }
}
