using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Providers;

/// <summary>Changes a provider. For those who manage models.</summary>
public sealed class UpdateProvider(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change. Refuses to lead stored credentials to another server: who may change the address may not read them.</summary>
    public async Task<Result<ProviderDetails>> RunAsync(Actor actor, Guid id, ProviderRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = ProviderSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ProviderDetails>(actor, async (write, token) =>
        {
            var provider = await write.Context.Providers.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (provider is null) return new Failure.NotFound("provider");
            if (!string.IsNullOrWhiteSpace(request.Slug) && request.Slug.Trim() != provider.Slug)
                return new Failure.Invalid([new("slug", "slug never changes: callers and limits name the provider by it.")]);
            if (!BaseAddress.SameServer(provider.BaseUrl, settings.BaseUrl) && await write.Context.Credentials.AnyAsync(c => c.ProviderId == id, token))
                return new Failure.Conflict(
                    "The stored credentials would go to another server. Delete them first, or create another provider.", "base_url");

            var before = ProviderDetails.Of(provider);
            settings.Apply(provider);
            var after = ProviderDetails.Of(provider);
            if (after == before) return after;
            write.Record("provider.update", ConfigurationKinds.Provider, id, organisation, before, after, DocumentJson.Default.ProviderDetails);
            return after;
        }, cancellationToken);
    }
}
