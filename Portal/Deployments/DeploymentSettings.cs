using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>The values of a deployment that may change, checked.</summary>
internal sealed record DeploymentSettings(
    string Name, IReadOnlyList<Guid> CredentialIds, string UpstreamModel, string? Region, int? ContextTokens, int? MaxOutputTokens, string[]? Abilities)
{
    private bool isOne;

    private const int MaxTokens = 100_000_000, MaxCredentials = 20;

    public static DeploymentSettings Read(
        FieldChecks checks, string? name, Guid? credential, IReadOnlyList<Guid>? credentials, string? upstreamModel, string? region, int? contextTokens, int? maxOutputTokens,
        IReadOnlyList<string>? abilities)
    {
        checks.Range("context_tokens", contextTokens, 1, MaxTokens);
        checks.Range("max_output_tokens", maxOutputTokens, 1, MaxTokens);
        checks.Must(credential is null || credentials is null, "credential_ids", "credential_ids names all of them; leave credential_id out.");
        checks.Must(credentials is not { Count: > MaxCredentials }, "credential_ids", $"credential_ids may hold at most {MaxCredentials} credentials.");
        checks.Must(credentials is null || credentials.Distinct().Count() == credentials.Count, "credential_ids", "A credential stands twice.");
        var unknown = abilities?.Where(a => !AbilityNames.All.Contains(a)).ToList() ?? [];
        checks.Must(unknown.Count == 0, "abilities", $"abilities are some of {string.Join(", ", AbilityNames.All)}.");
        return new(
            checks.ModelName("name", name), credentials ?? (credential is { } only ? [only] : []), checks.Text("upstream_model", upstreamModel, 200), checks.Optional("region", region, 40),
            contextTokens, maxOutputTokens, abilities is null ? null : AbilityNames.Of(AbilityNames.Read(abilities))) { isOne = credentials is null };
    }

    /// <summary>Null when the credentials are this provider's; a key of one vendor must never be sent to another.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid providerId, CancellationToken cancellationToken) =>
        CredentialIds.Count == 0 || await context.Credentials.CountAsync(
            c => CredentialIds.Contains(c.Id) && c.ProviderId == providerId && c.OrganisationId == organisation, cancellationToken) == CredentialIds.Count
            ? null
            : new Failure.Invalid(
                [isOne ? new("credential_id", "credential_id is a credential of the deployment's provider.") : new("credential_ids", "credential_ids are credentials of the deployment's provider.")]);

    public void Apply(Deployment d)
    {
        d.SetCredentials(CredentialIds);
        (d.Name, d.UpstreamModel, d.Region, d.ContextTokens, d.MaxOutputTokens, d.Abilities) =
        (Name, UpstreamModel, Region, ContextTokens, MaxOutputTokens, Abilities);
    }
}
