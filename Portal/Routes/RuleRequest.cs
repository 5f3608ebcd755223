using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Routes;

/// <summary>A rule as a whole; a new one is asked after all others.</summary>
public sealed record RuleRequest
{
    /// <summary>Its name: letters, digits and . _ : -, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it is asked; missing = yes.</summary>
    public bool? Enabled { get; init; }

    /// <summary>When it holds: everything that is said must be true; missing or empty = always.</summary>
    public RuleConditions? When { get; init; }

    /// <summary>What it does: exactly one of model, deployment, strategy and deny.</summary>
    public RuleAction? Then { get; init; }
}

/// <summary>A new order.</summary>
public sealed record ReorderRulesRequest
{
    /// <summary>Every rule's id once, the one that is asked first in front.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }
}
