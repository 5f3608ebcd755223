namespace AspireGateway.Shared.Domain.Limits;

/// <summary>What is held against budgets while a request runs.</summary>
public static class HoldPolicies
{
    /// <summary>The most that it can cost: budgets are never overspent.</summary>
    public const string Exact = "exact";

    /// <summary>What the key's requests usually cost (95th percentile of their answers): budgets may be overspent a little, and starve less.</summary>
    public const string Learned = "learned";

    /// <summary>Its expected cost, and no budget refuses: thresholds are announced only.</summary>
    public const string Soft = "soft";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Exact, Learned, Soft];
}

/// <summary>Whose requests go first when there is not room for all.</summary>
public static class PriorityClasses
{
    /// <summary>Shed first.</summary>
    public const string Low = "low";

    /// <summary>The usual.</summary>
    public const string Normal = "normal";

    /// <summary>Shed last.</summary>
    public const string High = "high";

    /// <summary>All of them, lowest first.</summary>
    public static readonly IReadOnlyList<string> All = [Low, Normal, High];
}

/// <summary>What happens to requests under a limit or budget while the ledger cannot be asked.</summary>
public static class StorePolicies
{
    /// <summary>They are refused with 503: no budget is ever overspent.</summary>
    public const string Closed = "closed";

    /// <summary>Each gateway counts by itself: service goes on, and limits hold for each gateway alone.</summary>
    public const string Local = "local";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Closed, Local];
}
