namespace AspireGateway.Portal.Routes;

/// <summary>What the routes page shows.</summary>
public sealed record RoutesPageData
{
    /// <summary>Rules in their order.</summary>
    public required IReadOnlyList<RuleDetails> Rules { get; init; }

    /// <summary>The organisation's own tasks.</summary>
    public required IReadOnlyList<TaskDetails> Tasks { get; init; }

    /// <summary>What rules can be made of.</summary>
    public required RouteChoices Choices { get; init; }

    /// <summary>Whether the visitor may change them, and try requests.</summary>
    public required bool MayChange { get; init; }
}
