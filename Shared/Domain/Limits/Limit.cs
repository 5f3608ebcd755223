namespace AspireGateway.Shared.Domain.Limits;

/// <summary>How much of something one scope may use in a time. Several may stand on one scope; all of them hold.</summary>
public sealed class Limit
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to; <see cref="Guid.Empty"/> = the installation (scope <see cref="ScopeKinds.Global"/>, or a model's name across organisations).</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="ScopeKinds"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: an id in lower-case hex with hyphens, or a name; null = the default of every one that has no limit of the same unit of its own (or the one there is: global, organisation).</summary>
    public string? ScopeId { get; set; }

    /// <summary>What is counted; of <see cref="LimitUnits"/>.</summary>
    public required string Unit { get; set; }

    /// <summary>How many per period (at once, for concurrency; per request, for output tokens); at least 1.</summary>
    public long Amount { get; set; }

    /// <summary>The time; of <see cref="LimitPeriods"/>. Null for concurrency and for output tokens of one request.</summary>
    public string? Period { get; set; }

    /// <summary>How many may come at once after a pause, at least 1 and at most the amount; null = a tenth of the amount, at least 1. Rates only.</summary>
    public long? Burst { get; set; }

    /// <summary>What happens at the limit; of <see cref="LimitActions"/>.</summary>
    public string OnLimit { get; set; } = LimitActions.Reject;

    /// <summary>How long a request may wait in the queue, in milliseconds (1 to 600,000); for <see cref="LimitActions.Queue"/>.</summary>
    public int? QueueMs { get; set; }

    /// <summary>The cheaper logical model; for <see cref="LimitActions.Downgrade"/>.</summary>
    public string? DowngradeModel { get; set; }

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>What limits count.</summary>
public static class LimitUnits
{
    /// <summary>Requests in a period.</summary>
    public const string Requests = "requests";

    /// <summary>Tokens in a period, input and output: an estimate when the request starts, corrected when it ends.</summary>
    public const string Tokens = "tokens";

    /// <summary>Requests running at the same time.</summary>
    public const string Concurrency = "concurrency";

    /// <summary>Output tokens of one request.</summary>
    public const string OutputTokens = "output_tokens";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Requests, Tokens, Concurrency, OutputTokens];
}

/// <summary>Periods of rate limits.</summary>
public static class LimitPeriods
{
    /// <summary>One second.</summary>
    public const string Second = "second";

    /// <summary>60 seconds.</summary>
    public const string Minute = "minute";

    /// <summary>3,600 seconds.</summary>
    public const string Hour = "hour";

    /// <summary>86,400 seconds.</summary>
    public const string Day = "day";

    /// <summary>All of them, shortest first.</summary>
    public static readonly IReadOnlyList<string> All = [Second, Minute, Hour, Day];

    /// <summary>Length in microseconds; 0 = no such period.</summary>
    public static long MicrosecondsOf(string? period) => period switch
    {
        Second => 1_000_000L,
        Minute => 60_000_000L,
        Hour => 3_600_000_000L,
        Day => 86_400_000_000L,
        _ => 0,
    };
}

/// <summary>What happens to a request at a limit.</summary>
public static class LimitActions
{
    /// <summary>It is refused: 429 with Retry-After (400 for output tokens of one request).</summary>
    public const string Reject = "reject";

    /// <summary>It waits its turn, up to a deadline.</summary>
    public const string Queue = "queue";

    /// <summary>It goes to a cheaper model.</summary>
    public const string Downgrade = "downgrade";

    /// <summary>Its answer is made shorter; for output tokens of one request only.</summary>
    public const string Clamp = "clamp";
}
