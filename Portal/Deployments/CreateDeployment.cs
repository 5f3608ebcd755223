using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>Creates a deployment. What the request does not say of its price, limits and abilities comes from the price book. For those who manage models.</summary>
public sealed class CreateDeployment(ConfigurationWriter writer, PriceBooks books)
{
    /// <summary>Creates it.</summary>
    public async Task<Result<DeploymentDetails>> RunAsync(Actor actor, CreateDeploymentRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Must(request.ProviderId is not null, "provider_id", "provider_id is required.");
        var settings = DeploymentSettings.Read(
            checks, request.Name, request.CredentialId, request.CredentialIds, request.UpstreamModel, request.Region, request.ContextTokens, request.MaxOutputTokens, request.Abilities);
        SetPrice.Check(checks, "price", request.Price);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<DeploymentDetails>(actor, async (write, token) =>
        {
            var provider = await write.Context.Providers.AsNoTracking().FirstOrDefaultAsync(p => p.Id == request.ProviderId && p.OrganisationId == organisation, token);
            if (provider is null) return new Failure.NotFound("provider");
            if (await settings.CheckAsync(write.Context, organisation, provider.Id, token) is { } failure) return failure;
            var deployment = new Deployment
            {
                Id = write.NewId(), OrganisationId = organisation, Name = settings.Name, ProviderId = provider.Id,
                UpstreamModel = settings.UpstreamModel, IsEnabled = request.IsEnabled ?? true, CreatedAt = write.Now,
            };
            settings.Apply(deployment);
            // A server of one's own has no list price, whatever its models are called.
            var known = provider.IsPrivate ? null : await books.FindAsync(write.Context, organisation, provider.Protocol, settings.UpstreamModel, token);
            deployment.ContextTokens ??= known?.ContextTokens;
            deployment.MaxOutputTokens ??= known?.MaxOutputTokens;
            deployment.Abilities ??= known is null ? null : AbilityNames.Of(known.Abilities);
            write.Context.Deployments.Add(deployment);
            var after = DeploymentDetails.Of(deployment);
            write.Record("deployment.create", ConfigurationKinds.Deployment, deployment.Id, organisation, null, after, DocumentJson.Default.DeploymentDetails);
            // The dialog shows the book's price first; sent back as it is, it is still the book's.
            if ((request.Price ?? known?.Price) is { } price)
                SetPrice.Add(write, actor, deployment, write.Now, price, price == known?.Price ? PriceSources.Book : PriceSources.Manual);
            return after;
        }, cancellationToken);
    }
}
