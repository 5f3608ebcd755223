using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Budgets;

/// <summary>A new budget.</summary>
public sealed record CreateBudgetRequest
{
    /// <summary>What it is set on: <c>global</c> (operators), <c>organisation</c>, <c>team</c>, <c>user</c>, <c>key</c>, <c>feature</c>, <c>agent</c> or <c>model</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: the id or name of a team, key or model; the name of a user, feature or agent. Missing = the default of all that have none of their own.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Its window: <c>daily</c>, <c>weekly</c> or <c>monthly</c> by the organisation's calendar, or <c>total</c>.</summary>
    public string? Period { get; init; }

    /// <summary>Most that may be spent in a window, in dollars with at most nine decimals, 0 to 9,000,000; this or <c>cap_nano_usd</c>.</summary>
    public UsdAmount? CapUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? CapNanoUsd { get; init; }

    /// <summary>What happens when it is used up: <c>reject</c> (also when missing), <c>downgrade</c> or <c>soft</c>.</summary>
    public string? OnExceeded { get; init; }

    /// <summary>The cheaper model; with <c>downgrade</c> only.</summary>
    public string? DowngradeModel { get; init; }

    /// <summary>Percentages of the cap that are announced, ascending, 1 to 100, at most 10; missing = 50, 80, 100.</summary>
    public IReadOnlyList<int>? Thresholds { get; init; }
}

/// <summary>
/// New values of a budget; what is missing becomes what it is by default. Scope and period stay: what was spent is counted under them. They may be sent along
/// as they are, so that an answer can be changed and sent back.
/// </summary>
public sealed record UpdateBudgetRequest
{
    /// <summary>As it is; anything else is refused.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>As it is; anything else is refused.</summary>
    public string? ScopeId { get; init; }

    /// <summary>As it is; anything else is refused.</summary>
    public string? Period { get; init; }

    /// <summary>Most that may be spent in a window, in dollars; this or <c>cap_nano_usd</c>.</summary>
    public UsdAmount? CapUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? CapNanoUsd { get; init; }

    /// <summary>What happens when it is used up; missing = <c>reject</c>.</summary>
    public string? OnExceeded { get; init; }

    /// <summary>The cheaper model; with <c>downgrade</c> only.</summary>
    public string? DowngradeModel { get; init; }

    /// <summary>Percentages of the cap that are announced; missing = 50, 80, 100.</summary>
    public IReadOnlyList<int>? Thresholds { get; init; }
}

/// <summary>More for a while.</summary>
public sealed record RaiseBudgetRequest
{
    /// <summary>How much is added to the cap, in dollars; this or <c>amount_nano_usd</c>. Cap and raises stay within 9,000,000 dollars.</summary>
    public UsdAmount? AmountUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? AmountNanoUsd { get; init; }

    /// <summary>Until when it counts; in the future, within 366 days.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why, 1 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Of a default budget: whose share is raised, as in a budget's <c>scope_id</c>; missing = everyone's.</summary>
    public string? ScopeId { get; init; }
}
