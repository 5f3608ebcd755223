using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>The values of a key that its holders may set, checked.</summary>
internal sealed record KeySettings(
    string Name, string[] AllowedModels, string? DefaultModel, string? Feature, long? MaxBodyBytes, long? MaxMultipartBytes, DateTimeOffset? ExpiresAt)
{
    private const long MinBytes = 1024, MaxBytes = 1024 * 1024 * 1024;

    public static KeySettings Read(FieldChecks checks, IssueKeyRequest r) => Read(
        checks, r.Name, r.AllowedModels, r.DefaultModel, r.Feature, r.MaxBodyBytes, r.MaxMultipartBytes, r.ExpiresAt);

    public static KeySettings Read(FieldChecks checks, UpdateKeyRequest r) => Read(
        checks, r.Name, r.AllowedModels, r.DefaultModel, r.Feature, r.MaxBodyBytes, r.MaxMultipartBytes, r.ExpiresAt);

    /// <summary>What only the database can tell: the team's ceiling, names that are taken, models that do not exist.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Team team, Guid? keyId, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        // A key's star must be covered by one of the team's, which matching the patterns as texts says.
        foreach (var pattern in AllowedModels.Where(p => !ModelPattern.AnyMatches(team.AllowedModels, p)))
            checks.Add("allowed_models", $"{pattern} is not within the models of team {team.Name}: {string.Join(", ", team.AllowedModels)}.");
        if (DefaultModel is not null && !ModelPattern.AnyMatches(team.AllowedModels, DefaultModel))
            checks.Add("default_model", $"{DefaultModel} is not within the models of team {team.Name}: {string.Join(", ", team.AllowedModels)}.");
        if (checks.Failure is { } faults) return faults;
        if (await ModelNames.CheckAsync(context, team.OrganisationId, "default_model", DefaultModel, cancellationToken) is { } unknown) return unknown;
        var taken = await context.VirtualKeys.AnyAsync(
            k => k.TeamId == team.Id && k.Name == Name && k.RevokedAt == null && k.Id != keyId, cancellationToken);
        return taken ? new Failure.Conflict($"Team {team.Name} has a key with this name already. Choose another one.", "name") : null;
    }

    public void Apply(VirtualKey key) =>
        (key.Name, key.AllowedModels, key.DefaultModel, key.Feature, key.MaxBodyBytes, key.MaxMultipartBytes, key.ExpiresAt) =
        (Name, AllowedModels, DefaultModel, Feature, MaxBodyBytes, MaxMultipartBytes, ExpiresAt?.ToUniversalTime());

    private static KeySettings Read(
        FieldChecks checks, string? name, IReadOnlyList<string>? allowed, string? defaultModel, string? feature,
        long? maxBody, long? maxMultipart, DateTimeOffset? expires)
    {
        checks.Range("max_body_bytes", maxBody, MinBytes, MaxBytes);
        checks.Range("max_multipart_bytes", maxMultipart, MinBytes, MaxBytes);
        var patterns = checks.Patterns("allowed_models", allowed);
        return new(
            checks.Text("name", name), patterns, checks.AllowedReference("default_model", defaultModel, patterns),
            checks.Optional("feature", feature), maxBody, maxMultipart, expires);
    }
}
