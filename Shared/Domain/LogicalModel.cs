namespace AspireGateway.Shared.Domain;

/// <summary>The name that application code uses; behind it deployments come and go.</summary>
public sealed class LogicalModel
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The name in requests; unique among the organisation's models and aliases; has no <c>/</c>.</summary>
    public required string Name { get; set; }

    /// <summary>What it is for, for the portal.</summary>
    public string Description { get; set; } = "";

    /// <summary>How its deployments are chosen; one of <see cref="RoutingStrategies"/>.</summary>
    public string Strategy { get; set; } = RoutingStrategies.Priority;

    /// <summary>How hard it tries, and where its requests go when it fails; null = as the gateway has it.</summary>
    public Reliability.ModelReliability? Reliability { get; set; }

    /// <summary>How good its deployments must be under the strategy <see cref="RoutingStrategies.Quality"/>; null = as usual.</summary>
    public Quality.QualityBars? Quality { get; set; }

    /// <summary>Steps and gate under the strategy <c>cascade</c>; null = as usual.</summary>
    public Routing.CascadeSettings? Cascade { get; set; }

    /// <summary>Other names for it.</summary>
    public List<ModelAlias> Aliases { get; set; } = [];

    /// <summary>Its deployments.</summary>
    public List<ModelDeployment> Deployments { get; set; } = [];

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Another name for a logical model.</summary>
public sealed class ModelAlias
{
    /// <summary>The organisation, so that the database can keep names unique in it.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The other name; unique among the organisation's models and aliases.</summary>
    public required string Name { get; set; }

    /// <summary>The model it stands for.</summary>
    public Guid ModelId { get; set; }
}

/// <summary>A deployment's place in a logical model.</summary>
public sealed class ModelDeployment
{
    /// <summary>The model.</summary>
    public Guid ModelId { get; set; }

    /// <summary>The deployment.</summary>
    public Guid DeploymentId { get; set; }

    /// <summary>Order of preference, lowest first.</summary>
    public int Position { get; set; }

    /// <summary>Share among its peers under a weighted strategy; at least 0.</summary>
    public int Weight { get; set; } = 1;
}

/// <summary>How a logical model chooses among its deployments.</summary>
public static class RoutingStrategies
{
    /// <summary>In the order of position; later ones are fallbacks.</summary>
    public const string Priority = "priority";

    /// <summary>By chance, in proportion to the weights.</summary>
    public const string Weighted = "weighted";

    /// <summary>Each in turn.</summary>
    public const string RoundRobin = "round_robin";

    /// <summary>The one with the fewest requests of this gateway on their way.</summary>
    public const string LeastBusy = "least_busy";

    /// <summary>The cheapest for this request that can serve it.</summary>
    public const string Cheapest = "cheapest";

    /// <summary>The one that lately answered soonest, for an answer of this length.</summary>
    public const string Fastest = "fastest";

    /// <summary>An A/B test: each user, or key, keeps the one that the weights gave it.</summary>
    public const string Ab = "ab";

    /// <summary>The cheapest whose quality at the request's task is proven to be high enough.</summary>
    public const string Quality = "quality";

    /// <summary>One after the other, until an answer is good enough.</summary>
    public const string Cascade = "cascade";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Priority, Weighted, RoundRobin, LeastBusy, Cheapest, Fastest, Ab, Quality, Cascade];
}
