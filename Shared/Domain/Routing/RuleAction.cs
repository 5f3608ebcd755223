namespace AspireGateway.Shared.Domain.Routing;

/// <summary>What a rule does; exactly one of model, deployment, strategy and deny is said.</summary>
public sealed record RuleAction
{
    /// <summary>Sends to this logical model, or <c>provider/model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Sends to the deployment of this name, and to no other.</summary>
    public string? Deployment { get; init; }

    /// <summary>Leaves the model and orders its deployments by this strategy; of <see cref="RoutingStrategies"/>.</summary>
    public string? Strategy { get; init; }

    /// <summary>Refuses, with this message to the caller.</summary>
    public string? Deny { get; init; }
}
