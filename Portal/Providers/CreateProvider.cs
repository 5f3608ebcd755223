using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Providers;

/// <summary>Creates a provider. For those who manage models.</summary>
public sealed class CreateProvider(ConfigurationWriter writer)
{
    /// <summary>Creates it, without credentials or deployments.</summary>
    public async Task<Result<ProviderDetails>> RunAsync(Actor actor, ProviderRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = ProviderSettings.Read(checks, request);
        var slug = checks.Slug("slug", string.IsNullOrWhiteSpace(request.Slug) ? FieldChecks.SlugOf(settings.Name) : request.Slug);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ProviderDetails>(actor, (write, _) =>
        {
            var provider = new Provider
            {
                Id = write.NewId(), OrganisationId = organisation, Slug = slug, Name = settings.Name, Protocol = settings.Protocol,
                BaseUrl = settings.BaseUrl, CreatedAt = write.Now,
            };
            settings.Apply(provider);
            write.Context.Providers.Add(provider);
            var after = ProviderDetails.Of(provider);
            write.Record("provider.create", ConfigurationKinds.Provider, provider.Id, organisation, null, after, DocumentJson.Default.ProviderDetails);
            return Task.FromResult<Result<ProviderDetails>>(after);
        }, cancellationToken);
    }
}
