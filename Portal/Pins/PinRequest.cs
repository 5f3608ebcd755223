namespace AspireGateway.Portal.Pins;

/// <summary>What may be set of a pin; what is missing becomes empty.</summary>
public record PinRequest
{
    /// <summary>Where it goes: the id or name of a deployment.</summary>
    public string? Deployment { get; init; }

    /// <summary>The provider's name of the version, e.g. <c>gpt-4o-2024-08-06</c>, 1 to 200 characters; missing = the one that the deployment asks for now.</summary>
    public string? Version { get; init; }

    /// <summary>What the provider's replies call it, where that differs, 1 to 200 characters.</summary>
    public string? ServedAs { get; init; }

    /// <summary>What becomes of requests while the version is not available: <c>fail</c> (503 <c>pin_unavailable</c>; also when missing) or <c>allow</c> (the model's other deployments).</summary>
    public string? OnUnavailable { get; init; }
}

/// <summary>A new pin.</summary>
public sealed record CreatePinRequest : PinRequest
{
    /// <summary>Whose requests: <c>rule</c> for those that a routing rule decides about, <c>key</c>, <c>feature</c>, <c>team</c>, or <c>model</c> for everybody's. The first of these that a request has holds.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: the id or name of a rule, key or team, a feature's name; missing with <c>model</c>.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The logical model that is pinned.</summary>
    public string? Model { get; init; }
}
