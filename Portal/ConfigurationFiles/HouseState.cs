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
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>An organisation's configuration as the audit's documents show it, by id: as it is, or wound back to an earlier revision.</summary>
internal sealed class HouseState
{
    public required OrganisationDetails Organisation { get; set; }

    public Dictionary<Guid, TeamDetails> Teams { get; } = [];

    public Dictionary<Guid, ProviderDetails> Providers { get; } = [];

    public Dictionary<Guid, CredentialDetails> Credentials { get; } = [];

    public Dictionary<Guid, DeploymentDetails> Deployments { get; } = [];

    public Dictionary<Guid, BreakerSettings> Breakers { get; } = [];

    /// <summary>The prices that hold, by their deployment.</summary>
    public Dictionary<Guid, PriceDetails> Prices { get; } = [];

    public Dictionary<Guid, ModelDetails> Models { get; } = [];

    public Dictionary<Guid, ModelReliability> Reliability { get; } = [];

    public Dictionary<Guid, FeatureDetails> Features { get; } = [];

    public Dictionary<Guid, TierDetails> Tiers { get; } = [];

    public Dictionary<Guid, TierAssignmentDetails> Assignments { get; } = [];

    public Dictionary<Guid, TaskDetails> Tasks { get; } = [];

    public Dictionary<Guid, RuleDetails> Rules { get; } = [];

    public Dictionary<Guid, PinDetails> Pins { get; } = [];

    public Dictionary<Guid, CanaryDetails> Canaries { get; } = [];

    public Dictionary<Guid, LimitDetails> Limits { get; } = [];

    public Dictionary<Guid, BudgetDetails> Budgets { get; } = [];

    public Dictionary<Guid, ResidencyDetails> Residency { get; } = [];

    public Dictionary<Guid, GuardrailDetails> Guardrails { get; } = [];

    public Dictionary<Guid, CachePolicyDetails> Caches { get; } = [];

    public Dictionary<Guid, ContentPolicyDetails> Contents { get; } = [];

    public Dictionary<Guid, AnomalyPolicyDetails> Anomalies { get; } = [];

    public Dictionary<Guid, GuardrailCheckDetails> Checks { get; } = [];

    public Dictionary<Guid, WebhookDetails> Webhooks { get; } = [];

    /// <summary>The live keys that something above is set on, as <c>team/name</c>.</summary>
    public Dictionary<Guid, string> Keys { get; } = [];

    /// <summary>Addresses of the people who answer for features, whether they may still sign in or not.</summary>
    public Dictionary<Guid, string> Owners { get; } = [];

    /// <summary>A scope as files name it: by slug or name; an id where there is none.</summary>
    public string? ScopeName(string kind, string? id)
    {
        if (id is null || !Guid.TryParse(id, out var guid)) return id;
        return kind switch
        {
            ScopeKinds.Team => Teams.GetValueOrDefault(guid)?.Slug ?? id,
            ScopeKinds.Key => Keys.GetValueOrDefault(guid) ?? id,
            ScopeKinds.Deployment => Deployments.GetValueOrDefault(guid)?.Name ?? id,
            "rule" => Rules.GetValueOrDefault(guid)?.Name ?? id,
            _ => id,
        };
    }

    /// <summary>Ids of keys that anything is set on.</summary>
    public IEnumerable<Guid> KeyIds()
    {
        var scopes = Limits.Values.Select(l => (l.ScopeKind, l.ScopeId)).Concat(Budgets.Values.Select(b => (b.ScopeKind, b.ScopeId))).Concat(Pins.Values.Select(p => (p.ScopeKind, p.ScopeId)))
            .Concat(Assignments.Values.Select(a => (a.ScopeKind, a.ScopeId))).Concat(Guardrails.Values.Select(g => (g.ScopeKind, g.ScopeId))).Concat(Caches.Values.Select(c => (c.ScopeKind, c.ScopeId)))
            .Concat(Anomalies.Values.Select(p => (p.ScopeKind, p.ScopeId)))
            .Concat(Rules.Values.Select(r => (r.When.Budget?.Scope ?? "", r.When.Budget?.ScopeId)));
        return scopes.Where(s => s.Item1 == ScopeKinds.Key).Select(s => Guid.TryParse(s.Item2, out var id) ? id : (Guid?)null).OfType<Guid>()
            .Concat(Rules.Values.SelectMany(r => r.When.Keys ?? [])).Distinct();
    }
}
