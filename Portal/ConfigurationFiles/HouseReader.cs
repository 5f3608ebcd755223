using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Features;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Pins;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tiers;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>Reads an organisation's configuration whole. Keys and people are not part of it: there may be a million, and they are somebody's own.</summary>
internal static class HouseReader
{
    /// <summary>The configuration as it is; null = there is no such organisation.</summary>
    public static async Task<HouseState?> ReadAsync(GatewayDbContext context, Guid organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var house = await context.Organisations.AsNoTracking().FirstOrDefaultAsync(o => o.Id == organisation, cancellationToken);
        if (house is null) return null;
        var state = new HouseState { Organisation = OrganisationDetails.Of(house) };
        foreach (var t in await context.Teams.AsNoTracking().Where(t => t.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Teams[t.Id] = TeamDetails.Of(t);
        foreach (var p in await context.Providers.AsNoTracking().Where(p => p.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Providers[p.Id] = ProviderDetails.Of(p);
        // The envelope stays in the database.
        var credentials = await context.Credentials.AsNoTracking().Where(c => c.OrganisationId == organisation)
            .Select(c => new { c.Id, c.ProviderId, c.Name, c.Hint, c.CreatedAt, c.UpdatedAt }).ToListAsync(cancellationToken);
        foreach (var c in credentials)
            state.Credentials[c.Id] = new CredentialDetails { Id = c.Id, ProviderId = c.ProviderId, Name = c.Name, Hint = c.Hint, CreatedAt = c.CreatedAt, UpdatedAt = c.UpdatedAt };
        foreach (var d in await context.Deployments.AsNoTracking().Where(d => d.OrganisationId == organisation).ToListAsync(cancellationToken))
        {
            state.Deployments[d.Id] = DeploymentDetails.Of(d);
            if (d.Breaker is { } breaker) state.Breakers[d.Id] = breaker;
        }
        await ReadPricesAsync(state, context, organisation, now, [], cancellationToken);
        foreach (var m in await context.Models.AsNoTracking().Include(m => m.Aliases).Include(m => m.Deployments).AsSplitQuery().Where(m => m.OrganisationId == organisation).ToListAsync(cancellationToken))
        {
            state.Models[m.Id] = ModelDetails.Of(m);
            if (m.Reliability is { } reliability) state.Reliability[m.Id] = reliability;
        }
        await ReadRoutesAsync(state, context, organisation, cancellationToken);
        await ReadSpendingAsync(state, context, organisation, cancellationToken);
        foreach (var f in await context.Features.AsNoTracking().Where(f => f.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Features[f.Id] = FeatureDetails.Of(f);
        await ReadPeopleAndKeysAsync(state, context, organisation, cancellationToken);
        return state;
    }

    /// <summary>Reads the prices that hold, as if some versions had never been set.</summary>
    public static async Task ReadPricesAsync(HouseState state, GatewayDbContext context, Guid organisation, DateTimeOffset now, Guid[] without, CancellationToken cancellationToken)
    {
        state.Prices.Clear();
        var prices = await context.PriceVersions.AsNoTracking().Where(p => p.OrganisationId == organisation && p.ValidFrom <= now && !without.Contains(p.Id))
            .GroupBy(p => p.DeploymentId).Select(g => g.OrderByDescending(p => p.ValidFrom).ThenByDescending(p => p.Id).First()).ToListAsync(cancellationToken);
        foreach (var p in prices) state.Prices[p.DeploymentId] = PriceDetails.Of(p);
    }

    /// <summary>Reads the names of the keys that something is set on and the addresses of the people who answer for features; neither are part of a configuration themselves.</summary>
    public static async Task ReadPeopleAndKeysAsync(HouseState state, GatewayDbContext context, Guid organisation, CancellationToken cancellationToken)
    {
        state.Keys.Clear();
        state.Owners.Clear();
        Guid[] owners = [.. state.Features.Values.Select(f => f.OwnerId).OfType<Guid>().Distinct()];
        if (owners.Length > 0)
            foreach (var u in await context.Users.Where(u => u.OrganisationId == organisation && owners.Contains(u.Id)).Select(u => new { u.Id, u.Email }).ToListAsync(cancellationToken)) state.Owners[u.Id] = u.Email;
        var ids = state.KeyIds().ToArray();
        if (ids.Length == 0) return;
        var keys = await context.VirtualKeys.Where(k => k.OrganisationId == organisation && ids.Contains(k.Id) && k.RevokedAt == null)
            .Join(context.Teams, k => k.TeamId, t => t.Id, (k, t) => new { k.Id, k.Name, t.Slug }).ToListAsync(cancellationToken);
        foreach (var k in keys) state.Keys[k.Id] = $"{k.Slug}/{k.Name}";
    }

    private static async Task ReadRoutesAsync(HouseState state, GatewayDbContext context, Guid organisation, CancellationToken cancellationToken)
    {
        foreach (var t in await context.RoutingTasks.AsNoTracking().Where(t => t.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Tasks[t.Id] = TaskDetails.Of(t);
        foreach (var r in await context.RoutingRules.AsNoTracking().Where(r => r.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Rules[r.Id] = RuleDetails.Of(r);
        foreach (var p in await context.Pins.AsNoTracking().Where(p => p.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Pins[p.Id] = PinDetails.Of(p);
        foreach (var c in await context.Canaries.AsNoTracking().Where(c => c.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Canaries[c.Id] = CanaryDetails.Of(c);
        foreach (var r in await context.ResidencyRules.AsNoTracking().Where(r => r.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Residency[r.Id] = ResidencyDetails.Of(r);
        foreach (var g in await context.GuardrailPolicies.AsNoTracking().Where(g => g.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Guardrails[g.Id] = GuardrailDetails.Of(g);
        foreach (var c in await context.CachePolicies.AsNoTracking().Where(c => c.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Caches[c.Id] = CachePolicyDetails.Of(c);
        foreach (var c in await context.ContentPolicies.AsNoTracking().Where(c => c.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Contents[c.Id] = ContentPolicyDetails.Of(c);
        foreach (var p in await context.AnomalyPolicies.AsNoTracking().Where(p => p.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Anomalies[p.Id] = AnomalyPolicyDetails.Of(p);
        foreach (var c in await context.GuardrailChecks.AsNoTracking().Where(c => c.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Checks[c.Id] = GuardrailCheckDetails.Of(c);
        foreach (var w in await context.Webhooks.AsNoTracking().Where(w => w.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Webhooks[w.Id] = WebhookDetails.Of(w);
    }

    private static async Task ReadSpendingAsync(HouseState state, GatewayDbContext context, Guid organisation, CancellationToken cancellationToken)
    {
        foreach (var t in await context.Tiers.AsNoTracking().Where(t => t.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Tiers[t.Id] = TierDetails.Of(t);
        foreach (var a in await context.TierAssignments.AsNoTracking().Where(a => a.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Assignments[a.Id] = TierAssignmentDetails.Of(a);
        foreach (var l in await context.Limits.AsNoTracking().Where(l => l.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Limits[l.Id] = LimitDetails.Of(l);
        foreach (var b in await context.Budgets.AsNoTracking().Where(b => b.OrganisationId == organisation).ToListAsync(cancellationToken)) state.Budgets[b.Id] = BudgetDetails.Of(b);
    }
}
