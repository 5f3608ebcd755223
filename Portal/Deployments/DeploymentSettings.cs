using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>The values of a deployment that may change, checked.</summary>
internal sealed record DeploymentSettings(
    string Name, Guid? CredentialId, string UpstreamModel, string? Region, int? ContextTokens, int? MaxOutputTokens, string[]? Abilities)
{
    private const int MaxTokens = 100_000_000;

    public static DeploymentSettings Read(
        FieldChecks checks, string? name, Guid? credential, string? upstreamModel, string? region, int? contextTokens, int? maxOutputTokens,
        IReadOnlyList<string>? abilities)
    {
        checks.Range("context_tokens", contextTokens, 1, MaxTokens);
        checks.Range("max_output_tokens", maxOutputTokens, 1, MaxTokens);
        var unknown = abilities?.Where(a => !AbilityNames.All.Contains(a)).ToList() ?? [];
        checks.Must(unknown.Count == 0, "abilities", $"abilities are some of {string.Join(", ", AbilityNames.All)}.");
        return new(
            checks.ModelName("name", name), credential, checks.Text("upstream_model", upstreamModel, 200), checks.Optional("region", region, 40),
            contextTokens, maxOutputTokens, abilities is null ? null : AbilityNames.Of(AbilityNames.Read(abilities)));
    }

    /// <summary>Null when the credential is one of this provider's; a key of one vendor must never be sent to another.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid providerId, CancellationToken cancellationToken) =>
        CredentialId is null || await context.Credentials.AnyAsync(
            c => c.Id == CredentialId && c.ProviderId == providerId && c.OrganisationId == organisation, cancellationToken)
            ? null
            : new Failure.Invalid([new("credential_id", "credential_id is a credential of the deployment's provider.")]);

    public void Apply(Deployment d) =>
        (d.Name, d.CredentialId, d.UpstreamModel, d.Region, d.ContextTokens, d.MaxOutputTokens, d.Abilities) =
        (Name, CredentialId, UpstreamModel, Region, ContextTokens, MaxOutputTokens, Abilities);
}
