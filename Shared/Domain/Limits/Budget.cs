namespace AspireGateway.Shared.Domain.Limits;

/// <summary>How much one scope may spend in a window of time. Several may stand on one scope; all of them hold.</summary>
public sealed class Budget
{
    /// <summary>
    /// Largest cap, in nano-USD: $9,000,000 a window. The ledger's script counts in IEEE doubles, which hold every whole number up to 2^53
    /// (9,007,199,254,740,992); above it a nano-dollar could be lost.
    /// </summary>
    public const long MaxCapNanoUsd = 9_000_000L * 1_000_000_000L;

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to; <see cref="Guid.Empty"/> = the installation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="ScopeKinds"/> without deployment.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one, as in <see cref="Limit.ScopeId"/>; null = the default of every one that has no budget of its own (or the one there is: global, organisation).</summary>
    public string? ScopeId { get; set; }

    /// <summary>Its window; of <see cref="BudgetPeriods"/>, by the organisation's calendar (UTC for the installation).</summary>
    public required string Period { get; set; }

    /// <summary>Most that may be spent in a window, in nano-USD; 0 to <see cref="MaxCapNanoUsd"/>.</summary>
    public long CapNanoUsd { get; set; }

    /// <summary>What happens when it is used up; of <see cref="BudgetActions"/>.</summary>
    public string OnExceeded { get; set; } = BudgetActions.Reject;

    /// <summary>The cheaper logical model; for <see cref="BudgetActions.Downgrade"/>.</summary>
    public string? DowngradeModel { get; set; }

    /// <summary>Percentages of the cap that are announced once a window each, ascending, 1 to 100.</summary>
    public int[] Thresholds { get; set; } = [50, 80, 100];

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>More for a while: adds to a budget's cap until it expires.</summary>
public sealed class BudgetRaise
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to; <see cref="Guid.Empty"/> = the installation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The budget that it raises.</summary>
    public Guid BudgetId { get; set; }

    /// <summary>For a default budget: whose share is raised; null = everyone's.</summary>
    public string? ScopeId { get; set; }

    /// <summary>How much is added, in nano-USD; at least 1.</summary>
    public long AmountNanoUsd { get; set; }

    /// <summary>Until when it counts.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>Why, in the words of who granted it.</summary>
    public required string Reason { get; set; }

    /// <summary>When it was granted.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who granted it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>Windows of budgets.</summary>
public static class BudgetPeriods
{
    /// <summary>From midnight to midnight.</summary>
    public const string Daily = "daily";

    /// <summary>From Monday to Monday (ISO 8601).</summary>
    public const string Weekly = "weekly";

    /// <summary>A calendar month.</summary>
    public const string Monthly = "monthly";

    /// <summary>From the budget's creation on, for ever.</summary>
    public const string Total = "total";

    /// <summary>All of them, shortest first.</summary>
    public static readonly IReadOnlyList<string> All = [Daily, Weekly, Monthly, Total];
}

/// <summary>What happens when a budget is used up.</summary>
public static class BudgetActions
{
    /// <summary>Requests are refused: 402.</summary>
    public const string Reject = "reject";

    /// <summary>Requests go to a cheaper model, which may go on spending.</summary>
    public const string Downgrade = "downgrade";

    /// <summary>It is announced, nothing more.</summary>
    public const string Soft = "soft";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Reject, Downgrade, Soft];
}

/// <summary>A threshold that a budget passed; written once a window by whichever gateway sees it first, read and announced by the portal.</summary>
public sealed class BudgetEvent
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation; <see cref="Guid.Empty"/> = the installation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The budget.</summary>
    public Guid BudgetId { get; set; }

    /// <summary>Kind of its scope.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Whose share passed it; empty for scopes that have no id.</summary>
    public string ScopeId { get; set; } = "";

    /// <summary>Start of the window.</summary>
    public DateTimeOffset WindowStart { get; set; }

    /// <summary>Percent of the cap.</summary>
    public int Threshold { get; set; }

    /// <summary>What was settled then, in nano-USD.</summary>
    public long SettledNanoUsd { get; set; }

    /// <summary>The cap then, raises included.</summary>
    public long CapNanoUsd { get; set; }

    /// <summary>When it was passed.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>When webhooks were told; null = not yet.</summary>
    public DateTimeOffset? AnnouncedAt { get; set; }
}
