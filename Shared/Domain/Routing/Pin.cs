namespace AspireGateway.Shared.Domain.Routing;

/// <summary>Requests of a scope for a model go to one exact version of it.</summary>
public sealed class Pin
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Whose requests; of <see cref="PinScopes"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: a rule's, key's or team's id, or a feature's name; null = everybody's requests for the model.</summary>
    public string? ScopeId { get; set; }

    /// <summary>The logical model that is pinned.</summary>
    public required string Model { get; set; }

    /// <summary>Where it goes.</summary>
    public Guid DeploymentId { get; set; }

    /// <summary>The provider's name of the version, which is asked for in place of the deployment's own.</summary>
    public required string Version { get; set; }

    /// <summary>What the provider's replies call it; null = as it is asked for.</summary>
    public string? ServedAs { get; set; }

    /// <summary>What becomes of requests while the version is not available; of <see cref="PinPolicies"/>.</summary>
    public string OnUnavailable { get; set; } = PinPolicies.Fail;

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>Whose requests are pinned, from narrow to wide; the narrowest one holds.</summary>
public static class PinScopes
{
    /// <summary>Those that a routing rule decides about.</summary>
    public const string Rule = "rule";

    /// <summary>A virtual key's.</summary>
    public const string Key = "key";

    /// <summary>A feature's.</summary>
    public const string Feature = "feature";

    /// <summary>A team's.</summary>
    public const string Team = "team";

    /// <summary>Everybody's.</summary>
    public const string Model = "model";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Rule, Key, Feature, Team, Model];
}

/// <summary>What becomes of pinned requests while the version is not available.</summary>
public static class PinPolicies
{
    /// <summary>They are refused with 503 <c>pin_unavailable</c>.</summary>
    public const string Fail = "fail";

    /// <summary>They go to the model's other deployments.</summary>
    public const string Allow = "allow";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Fail, Allow];
}
