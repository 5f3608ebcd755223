using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>Deletes a deployment that no model uses, with its prices; usage records keep their cost. For those who manage models.</summary>
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
            context.Deployments.Remove(deployment);
            write.Record<DeploymentDetails>(
                "deployment.delete", ConfigurationKinds.Deployment, id, organisation, DeploymentDetails.Of(deployment), null, DocumentJson.Default.DeploymentDetails);
            return new Done();
        }, cancellationToken);
    }
}
