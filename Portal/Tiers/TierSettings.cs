using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Limits;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tiers;

/// <summary>The values of a tier, checked.</summary>
internal sealed record TierSettings(string Name, long? RequestsPerMinute, long? TokensPerMinute, long? Concurrency)
{
    /// <summary>What can have a tier.</summary>
    public static readonly IReadOnlyList<string> Kinds = [ScopeKinds.Team, ScopeKinds.User, ScopeKinds.Key];

    public static TierSettings Read(FieldChecks checks, TierRequest r)
    {
        checks.Range("requests_per_minute", r.RequestsPerMinute, 1, LimitSettings.MaxAmount);
        checks.Range("tokens_per_minute", r.TokensPerMinute, 1, LimitSettings.MaxAmount);
        checks.Range("concurrency", r.Concurrency, 1, LimitSettings.MaxAmount);
        checks.Must(
            r.RequestsPerMinute is not null || r.TokensPerMinute is not null || r.Concurrency is not null, "requests_per_minute",
            "A tier limits something: set requests_per_minute, tokens_per_minute or concurrency.");
        return new(checks.Text("name", r.Name), r.RequestsPerMinute, r.TokensPerMinute, r.Concurrency);
    }

    /// <summary>Whether another tier has the name.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid? tierId, CancellationToken cancellationToken) =>
        await context.Tiers.AnyAsync(t => t.OrganisationId == organisation && t.Name == Name && t.Id != tierId, cancellationToken)
            ? new Failure.Conflict("A tier with this name exists already. Choose another one.", "name") : null;

    public void Apply(Tier tier) =>
        (tier.Name, tier.RequestsPerMinute, tier.TokensPerMinute, tier.Concurrency) = (Name, RequestsPerMinute, TokensPerMinute, Concurrency);
}
