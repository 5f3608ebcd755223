using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>Creates a deployment, with its first price when one is given. For those who manage models.</summary>
public sealed class CreateDeployment(ConfigurationWriter writer)
{
    /// <summary>Creates it.</summary>
    public async Task<Result<DeploymentDetails>> RunAsync(Actor actor, CreateDeploymentRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Must(request.ProviderId is not null, "provider_id", "provider_id is required.");
        var settings = DeploymentSettings.Read(
            checks, request.Name, request.CredentialId, request.UpstreamModel, request.Region, request.ContextTokens, request.MaxOutputTokens);
        SetPrice.Check(checks, "price", request.Price);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<DeploymentDetails>(actor, async (write, token) =>
        {
            if (!await write.Context.Providers.AnyAsync(p => p.Id == request.ProviderId && p.OrganisationId == organisation, token))
                return new Failure.NotFound("provider");
            if (await settings.CheckAsync(write.Context, organisation, request.ProviderId.Value, token) is { } failure) return failure;
            var deployment = new Deployment
            {
                Id = write.NewId(), OrganisationId = organisation, Name = settings.Name, ProviderId = request.ProviderId.Value,
                UpstreamModel = settings.UpstreamModel, IsEnabled = request.IsEnabled ?? true, CreatedAt = write.Now,
            };
            settings.Apply(deployment);
            write.Context.Deployments.Add(deployment);
            var after = DeploymentDetails.Of(deployment);
            write.Record("deployment.create", ConfigurationKinds.Deployment, deployment.Id, organisation, null, after, DocumentJson.Default.DeploymentDetails);
            if (request.Price is not null) SetPrice.Add(write, actor, deployment, write.Now, request.Price);
            return after;
        }, cancellationToken);
    }
}
