using System.Collections.Frozen;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.State;

/// <summary>One organisation with everything but its keys.</summary>
internal sealed class OrganisationSnapshot
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its short name.</summary>
    public required string Slug { get; init; }

    /// <summary>IANA time zone of its days and months.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The same, as this machine knows it.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Grows each time that its usage records were priced anew, so that its ledger is rebuilt from them; 0 = never.</summary>
    public long BooksRewritten { get; init; }

    /// <summary>What happens to limited requests while the ledger cannot be asked; of <see cref="Shared.Domain.Limits.StorePolicies"/>.</summary>
    public string StorePolicy { get; init; } = Shared.Domain.Limits.StorePolicies.Closed;

    /// <summary>Logical model for requests that name none.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Teams by id.</summary>
    public required FrozenDictionary<Guid, TeamSnapshot> Teams { get; init; }

    /// <summary>Logical models by name and by alias.</summary>
    public required FrozenDictionary<string, ModelSnapshot> Models { get; init; }

    /// <summary>Deployments under <c>provider/upstream-model</c>, in order of creation.</summary>
    public required FrozenDictionary<string, ModelSnapshot> DirectModels { get; init; }

    /// <summary>Its routing rules.</summary>
    public Routing.Rules.CompiledRules Rules { get; init; } = Routing.Rules.CompiledRules.None;

    /// <summary>What steers requests besides the models: residency, pins, canaries.</summary>
    public Steering.SteeringSnapshot Steering { get; init; } = Gateway.State.Steering.SteeringSnapshot.Empty;

    /// <summary>What looks at prompts and replies.</summary>
    public Guardrails.Policies.GuardrailPolicies Guardrails { get; init; } = Gateway.Guardrails.Policies.GuardrailPolicies.None;

    /// <summary>Whose replies are kept, and how.</summary>
    public Caching.Policies.CachePolicies Caching { get; init; } = Gateway.Caching.Policies.CachePolicies.None;

    /// <summary>Whose texts are kept, and how.</summary>
    public Content.ContentPolicies Content { get; init; } = Gateway.Content.ContentPolicies.None;

    /// <summary>Whether plans look at a request's task.</summary>
    public bool NeedsTasks { get; init; }

    /// <summary>The rows that this was built from, for the last-good file and for the next reload; requests do not look at it.</summary>
    public OrganisationCatalog? Catalog { get; init; }

    /// <summary>How many of its rows could not serve as they stand.</summary>
    public int Faults { get; init; }
}

/// <summary>A team as the data plane needs it.</summary>
internal sealed class TeamSnapshot
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The same as text, as limits name it.</summary>
    public string IdText => field ??= Id.ToString();

    /// <summary>Its short name, also its label in metrics.</summary>
    public required string Slug { get; init; }

    /// <summary>Model patterns; empty = all.</summary>
    public required string[] AllowedModels { get; init; }

    /// <summary>Logical model for requests that name none.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>A request that may cost more needs an approval, in nano-USD; null = none does.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request; of <see cref="Shared.Domain.Limits.ApprovalActions"/>, null = it waits.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model that it may go to instead.</summary>
    public string? ApprovalModel { get; init; }

    /// <summary>Region patterns that its requests may be processed in; empty = any.</summary>
    public string[] AllowedRegions { get; init; } = [];

    /// <summary>The least that guardrails do for its requests; of <see cref="Shared.Domain.Guardrails.GuardrailLevels.Floors"/>, null = as policies say.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>True when the team was put away: its keys are refused.</summary>
    public required bool IsArchived { get; init; }
}

/// <summary>A name that requests may use, with the deployments behind it.</summary>
internal sealed class ModelSnapshot
{
    private uint turn;

    /// <summary>The logical name, or <c>provider/upstream-model</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it was configured; reported by the models list.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>One of <see cref="RoutingStrategies"/>.</summary>
    public required string Strategy { get; init; }

    /// <summary>Its deployments by position, disabled ones included: a plan says why it dropped them.</summary>
    public required DeploymentSnapshot[] Deployments { get; init; }

    /// <summary>Their weights, at least 0; empty = all are 1.</summary>
    public int[] Weights { get; init; } = [];

    /// <summary>How hard it tries; null = as usual.</summary>
    public Shared.Domain.Reliability.ModelReliability? Reliability { get; init; }

    /// <summary>How good its deployments must be, where the strategy asks for it.</summary>
    public Shared.Domain.Quality.QualityBars QualityBars { get; init; } = Shared.Domain.Quality.QualityBars.Default;

    /// <summary>Steps and gate under the strategy <c>cascade</c>; null = as usual.</summary>
    public Shared.Domain.Routing.CascadeSettings? Cascade { get; init; }

    /// <summary>The weight of a deployment by its place.</summary>
    public int WeightAt(int place) => place < Weights.Length ? Weights[place] : 1;

    /// <summary>A number that is one higher each time, for those who take turns.</summary>
    public uint NextTurn() => Interlocked.Increment(ref turn);
}

/// <summary>A deployment with its provider, credential and prices resolved.</summary>
internal sealed class DeploymentSnapshot
{
    private string upstreamModel = "";
    private byte[]? upstreamModelJson;
    private FrozenDictionary<string, Routing.Quality.QualityRow> quality = FrozenDictionary<string, Routing.Quality.QualityRow>.Empty;

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The same as text, as limits name it.</summary>
    public string IdText => field ??= Id.ToString();

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it runs.</summary>
    public required ProviderSnapshot Provider { get; init; }

    /// <summary>The keys that its requests are spread over; empty = it is called without one.</summary>
    public Reliability.Credentials.CredentialSlot[] Credentials { get; init; } = [];

    /// <summary>The reason of plans of an A/B test that it is the arm of.</summary>
    public string AbReason => field ??= "ab:" + Name;

    /// <summary>The provider's own name of the model.</summary>
    public required string UpstreamModel { get => upstreamModel; init => upstreamModel = value; }

    /// <summary>The same as a JSON string in UTF-8, quotes included: it is written into every request.</summary>
    public byte[] UpstreamModelJson => upstreamModelJson ??= System.Text.Encoding.UTF8.GetBytes($"\"{System.Text.Json.JsonEncodedText.Encode(UpstreamModel)}\"");

    /// <summary>Where the request is processed, in lower case; null = unknown.</summary>
    public string? Region { get; init; }

    /// <summary>Longest prompt and answer, in tokens.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What its model can do; null = nobody said, which is no reason to keep a request from it.</summary>
    public ModelAbilities? Abilities { get; init; }

    /// <summary>False: in no plan.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>When it is left alone; null = as usual.</summary>
    public Shared.Domain.Reliability.BreakerSettings? Breaker { get; init; }

    /// <summary>All price versions, latest start first.</summary>
    public required PriceSnapshot[] Prices { get; init; }

    /// <summary>How well its model does each task, as far as known.</summary>
    public FrozenDictionary<string, Routing.Quality.QualityRow> Quality { get => quality; init => quality = value; }

    /// <summary>What this gateway sees of it; the same object in every snapshot.</summary>
    public DeploymentTraffic Traffic { get; init; } = new();

    /// <summary>The same deployment asked for another version of its model; itself where that is its own.</summary>
    public DeploymentSnapshot WithVersion(string version)
    {
        if (version == upstreamModel) return this;
        var other = (DeploymentSnapshot)MemberwiseClone();
        // What is known is known of the version that it has by itself.
        (other.upstreamModel, other.upstreamModelJson, other.quality) = (version, null, FrozenDictionary<string, Routing.Quality.QualityRow>.Empty);
        return other;
    }

    /// <summary>The price that holds at a moment; null = none was set by then.</summary>
    public PriceSnapshot? PriceAt(DateTimeOffset at)
    {
        foreach (var price in Prices)
            if (price.ValidFrom <= at) return price;
        return null;
    }
}

/// <summary>A price version.</summary>
/// <param name="Id">Kept in records.</param>
/// <param name="ValidFrom">From when it holds.</param>
/// <param name="Components">The prices.</param>
internal sealed record PriceSnapshot(Guid Id, DateTimeOffset ValidFrom, PriceComponents Components);

/// <summary>A provider. Instances are kept across snapshots while nothing about them changed, so that connection pools can hang on them.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">First part of <c>provider/model</c>.</param>
/// <param name="Protocol">Name of the provider module.</param>
/// <param name="BaseUrl">Address without the operation.</param>
/// <param name="IsPrivate">Whether it may live in a private range.</param>
/// <param name="ConnectTimeout">Time to open a connection.</param>
/// <param name="FirstByteTimeout">Time to the first byte of the reply.</param>
/// <param name="IdleTimeout">Longest silence inside a reply.</param>
internal sealed record ProviderSnapshot(
    Guid Id, string Slug, string Protocol, Uri BaseUrl, bool IsPrivate, TimeSpan ConnectTimeout, TimeSpan FirstByteTimeout, TimeSpan IdleTimeout);

/// <summary>A provider's credential, still encrypted.</summary>
internal sealed class CredentialSnapshot
{
    /// <summary>Its id, which the encryption is bound to.</summary>
    public required Guid Id { get; init; }

    /// <summary>The only provider that may receive it.</summary>
    public required Guid ProviderId { get; init; }

    /// <summary>The sealed secret.</summary>
    public required byte[] Envelope { get; init; }
}
