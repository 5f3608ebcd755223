using System.Collections.Frozen;
using System.Text.Json;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.State;

/// <summary>
/// Builds one organisation's snapshot from its rows. A row that cannot serve is replaced by its last good version where there is one, else left out;
/// each becomes a fault and everything else of the organisation takes effect.
/// </summary>
internal sealed class CatalogBuilder
{
    private readonly OrganisationCatalog rows;
    private readonly OrganisationSnapshot? previous;
    private readonly List<ConfigurationFault> faults;
    private readonly Dictionary<Guid, ProviderSnapshot> knownProviders = [];
    private readonly Dictionary<Guid, CredentialSnapshot> knownCredentials = [];
    private readonly Dictionary<Guid, ProviderSnapshot> providers = [];
    private readonly Dictionary<Guid, CredentialSnapshot> credentials = [];
    private readonly Dictionary<Guid, List<PriceSnapshot>> prices = [];
    private readonly Dictionary<Guid, DeploymentSnapshot> deployments = [];
    private readonly Dictionary<Guid, DeploymentTraffic> knownTraffic = [];
    private readonly Routing.Quality.QualityIndex quality;
    private readonly Dictionary<Guid, CredentialSlot[]> knownSlots = [];

    private CatalogBuilder(OrganisationCatalog rows, OrganisationSnapshot? previous, List<ConfigurationFault> faults)
    {
        this.rows = rows;
        this.previous = previous;
        this.faults = faults;
        quality = Routing.Quality.QualityIndex.Of(rows.Quality);
        // Every deployment has a direct name, so this meets all that are in use.
        foreach (var deployment in previous?.DirectModels.Values.SelectMany(model => model.Deployments) ?? [])
        {
            knownProviders[deployment.Provider.Id] = deployment.Provider;
            foreach (var slot in deployment.Credentials) knownCredentials[slot.Credential.Id] = slot.Credential;
            knownSlots[deployment.Id] = deployment.Credentials;
            knownTraffic[deployment.Id] = deployment.Traffic;
        }
    }

    /// <summary>Builds a snapshot; provider and credential instances of the previous one are used again where they are equal.</summary>
    /// <param name="rows">The rows as read.</param>
    /// <param name="previous">The organisation as it was before; null = it is new.</param>
    /// <param name="faults">Gets what was wrong.</param>
    public static OrganisationSnapshot Build(OrganisationCatalog rows, OrganisationSnapshot? previous, List<ConfigurationFault> faults) =>
        new CatalogBuilder(rows, previous, faults).Build();

    private OrganisationSnapshot Build()
    {
        var faultsBefore = faults.Count;
        var good = previous?.Catalog;
        var goodProviders = Accept(rows.Providers, good?.Providers, ConfigurationKinds.Provider, TryAddProvider);
        var goodCredentials = Accept(rows.Credentials, good?.Credentials, ConfigurationKinds.Credential, TryAddCredential);
        // Prices go first because a deployment takes its own along; one of a deployment that is left out is never looked at.
        var goodPrices = Accept(rows.Prices, good?.Prices, ConfigurationKinds.Price, TryAddPrice);
        var goodDeployments = Accept(rows.Deployments, good?.Deployments, ConfigurationKinds.Deployment, TryAddDeployment);
        var models = new Dictionary<string, ModelSnapshot>(StringComparer.Ordinal);
        foreach (var row in rows.Models) models[row.Name] = ModelOf(row);
        foreach (var row in rows.Models)
            foreach (var alias in row.Aliases)
                if (!models.TryAdd(alias, models[row.Name])) Fault(ConfigurationKinds.Model, row.Id, "an alias is the name of another model", keptPrevious: false);

        var direct = DirectModels(goodDeployments).ToFrozenDictionary(model => model.Name, StringComparer.Ordinal);
        return new OrganisationSnapshot
        {
            Id = rows.Organisation.Id,
            Slug = rows.Organisation.Slug,
            TimeZone = rows.Organisation.TimeZone,
            Zone = ZoneOf(rows.Organisation),
            BooksRewritten = rows.Organisation.BooksRewritten,
            StorePolicy = rows.Organisation.StorePolicy,
            DefaultModel = rows.Organisation.DefaultModel,
            Teams = rows.Teams.ToFrozenDictionary(team => team.Id, team => new TeamSnapshot
            {
                Id = team.Id, Slug = team.Slug, AllowedModels = team.AllowedModels, DefaultModel = team.DefaultModel, IsArchived = team.IsArchived,
                ApprovalThresholdNanoUsd = team.ApprovalThresholdNanoUsd, ApprovalAction = team.ApprovalAction, ApprovalModel = team.ApprovalModel,
                AllowedRegions = team.AllowedRegions ?? [], GuardrailLevel = team.GuardrailLevel,
            }),
            Models = models.ToFrozenDictionary(StringComparer.Ordinal),
            DirectModels = direct,
            Rules = Routing.Rules.RuleCompiler.Compile(
                rows.Rules, rows.Tasks, name => models.GetValueOrDefault(name) ?? direct.GetValueOrDefault(name), deployments.Values,
                (id, reason) => Fault(ConfigurationKinds.Rule, id, reason, keptPrevious: false)),
            Steering = Steering.SteeringSnapshot.Of(rows.Steering, models, deployments, previous?.Steering),
            Guardrails = rows.Steering?.Guardrails is { Length: > 0 } guardrails ? new(guardrails, rows.Steering.Checks ?? []) : Guardrails.Policies.GuardrailPolicies.None,
            Caching = rows.Steering?.Caching is { Length: > 0 } caching ? new(caching, rows.Steering.Guardrails) : Caching.Policies.CachePolicies.None,
            Content = rows.Steering?.Content is { Length: > 0 } content ? new(content) : Content.ContentPolicies.None,
            NeedsTasks = rows.Models.Any(model => model.Strategy == RoutingStrategies.Quality),
            Faults = faults.Count - faultsBefore,
            Catalog = rows with { Providers = goodProviders, Credentials = goodCredentials, Prices = goodPrices, Deployments = goodDeployments },
        };
    }

    private TimeZoneInfo ZoneOf(OrganisationRow row)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(row.TimeZone, out var zone)) return zone;
        var keptPrevious = previous is not null;
        Fault(ConfigurationKinds.Organisation, row.Id, "its time zone is not known on this machine", keptPrevious);
        return previous?.Zone ?? TimeZoneInfo.Utc;
    }

    // Rows that can serve, as they are or in their last good version.
    private List<TRow> Accept<TRow>(IReadOnlyList<TRow> current, IReadOnlyList<TRow>? good, string kind, Func<TRow, string?> tryAdd)
        where TRow : class, ICatalogRow
    {
        var accepted = new List<TRow>(current.Count);
        foreach (var row in current)
        {
            if (tryAdd(row) is not { } reason)
            {
                accepted.Add(row);
                continue;
            }
            var last = good?.FirstOrDefault(candidate => candidate.Id == row.Id);
            var keptPrevious = last is not null && tryAdd(last) is null;
            if (keptPrevious) accepted.Add(last!);
            Fault(kind, row.Id, reason, keptPrevious);
        }
        return accepted;
    }

    private string? TryAddProvider(ProviderRow row)
    {
        if (row.Slug.Length == 0 || row.Slug.Contains('/')) return "the slug is empty or holds a slash";
        if (!Uri.TryCreate(row.BaseUrl, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return "the base URL is not an absolute http or https address";
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0) return "the base URL holds a user, a query or a fragment";
        var provider = new ProviderSnapshot(
            row.Id, row.Slug, row.Protocol, url, row.IsPrivate, TimeSpan.FromMilliseconds(row.ConnectTimeoutMs),
            TimeSpan.FromMilliseconds(row.FirstByteTimeoutMs), TimeSpan.FromMilliseconds(row.IdleTimeoutMs));
        providers[row.Id] = knownProviders.TryGetValue(row.Id, out var known) && known == provider ? known : provider;
        return null;
    }

    private string? TryAddCredential(CredentialRow row)
    {
        if (!providers.ContainsKey(row.ProviderId)) return "its provider is left out or belongs to another organisation";
        credentials[row.Id] = knownCredentials.TryGetValue(row.Id, out var known) && known.ProviderId == row.ProviderId && known.Envelope.AsSpan().SequenceEqual(row.Envelope)
            ? known
            : new CredentialSnapshot { Id = row.Id, ProviderId = row.ProviderId, Envelope = row.Envelope };
        return null;
    }

    private string? TryAddPrice(PriceRow row)
    {
        PriceComponents? components;
        try
        {
            components = JsonSerializer.Deserialize(row.Components, DataJson.Default.PriceComponents);
        }
        catch (JsonException)
        {
            return "the price components cannot be read";
        }
        if (components is null) return "the price components cannot be read";
        // The first is enough to find it by; the text holds no value.
        if (PriceRules.Faults(components) is [var fault, ..]) return $"its {fault.Field} {fault.Message}";
        if (!prices.TryGetValue(row.DeploymentId, out var versions)) prices[row.DeploymentId] = versions = [];
        versions.Add(new PriceSnapshot(row.Id, row.ValidFrom, components));
        return null;
    }

    private string? TryAddDeployment(DeploymentRow row)
    {
        if (!providers.TryGetValue(row.ProviderId, out var provider)) return "its provider is left out or belongs to another organisation";
        var slots = new List<CredentialSlot>();
        Guid[] credentialIds = row.CredentialId is { } first ? [first, .. row.MoreCredentialIds ?? []] : row.MoreCredentialIds ?? [];
        foreach (var credentialId in credentialIds)
        {
            // Never without the credentials that were asked for, and never with one of another provider.
            if (!credentials.TryGetValue(credentialId, out var credential)) return "its credential is left out or belongs to another organisation";
            if (credential.ProviderId != row.ProviderId) return "its credential belongs to another provider";
            slots.Add(Array.Find(knownSlots.GetValueOrDefault(row.Id, []), slot => ReferenceEquals(slot.Credential, credential)) ?? new CredentialSlot(credential));
        }
        deployments[row.Id] = new DeploymentSnapshot
        {
            Id = row.Id,
            Name = row.Name,
            Provider = provider,
            Credentials = [.. slots],
            UpstreamModel = row.UpstreamModel,
            Region = row.Region?.ToLowerInvariant(),
            ContextTokens = row.ContextTokens,
            MaxOutputTokens = row.MaxOutputTokens,
            IsEnabled = row.IsEnabled,
            Abilities = row.Abilities is { } names ? AbilityNames.Read(names) : null,
            // A last good version may stand in for a newer row, so the order of the query is not enough.
            Prices = prices.TryGetValue(row.Id, out var versions) ? [.. versions.OrderByDescending(price => price.ValidFrom)] : [],
            Breaker = Read(row.Breaker, DataJson.Default.BreakerSettings, ConfigurationKinds.Deployment, row.Id, "its breaker settings"),
            Quality = quality.Of(provider.Slug, row.UpstreamModel),
            Traffic = knownTraffic.TryGetValue(row.Id, out var traffic) ? traffic : new DeploymentTraffic(),
        };
        return null;
    }

    private ModelSnapshot ModelOf(ModelRow row)
    {
        var served = new List<DeploymentSnapshot>(row.Deployments.Length);
        var weights = new List<int>(row.Deployments.Length);
        for (var i = 0; i < row.Deployments.Length; i++)
        {
            var id = row.Deployments[i];
            if (deployments.TryGetValue(id, out var deployment))
            {
                served.Add(deployment);
                weights.Add(row.Weights is { } given && i < given.Length ? given[i] : 1);
            }
            else Fault(ConfigurationKinds.Model, row.Id, $"its deployment {id} is left out or belongs to another organisation", keptPrevious: false);
        }
        return new ModelSnapshot
        {
            Name = row.Name, CreatedAt = row.CreatedAt, Strategy = row.Strategy, Deployments = [.. served], Weights = [.. weights],
            QualityBars = quality.BarsOf(row.Id),
            Reliability = Read(row.Reliability, DataJson.Default.ModelReliability, ConfigurationKinds.Model, row.Id, "its reliability settings"),
            Cascade = Read(row.Cascade, DataJson.Default.CascadeSettings, ConfigurationKinds.Model, row.Id, "its cascade settings"),
        };
    }

    // Settings that cannot be read are no reason not to serve: what is usual holds then.
    private T? Read<T>(string? json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string kind, Guid id, string what)
        where T : class
    {
        if (json is null) return null;
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            Fault(kind, id, what + " cannot be read, so that the usual ones hold", keptPrevious: false);
            return null;
        }
    }

    private IEnumerable<ModelSnapshot> DirectModels(List<DeploymentRow> accepted) =>
        accepted
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .GroupBy(row => $"{deployments[row.Id].Provider.Slug}/{row.UpstreamModel}", StringComparer.Ordinal)
            .Select(group => new ModelSnapshot
            {
                Name = group.Key,
                CreatedAt = group.First().CreatedAt,
                Strategy = RoutingStrategies.Priority,
                Deployments = [.. group.Select(row => deployments[row.Id])],
            });

    private void Fault(string kind, Guid id, string reason, bool keptPrevious) => faults.Add(new(rows.Organisation.Id, kind, id, reason, keptPrevious));
}
