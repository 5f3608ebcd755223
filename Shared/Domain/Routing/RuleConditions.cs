namespace AspireGateway.Shared.Domain.Routing;

/// <summary>When a rule holds: everything that is said must be true; what is not said does not matter. In lists one of the entries suffices.</summary>
public sealed record RuleConditions
{
    /// <summary>
    /// What is asked for, of <see cref="RuleOperations"/>. Not said: everything where the rule refuses or orders, but only <see cref="RuleOperations.OfConversations"/> where it
    /// sends elsewhere. Whatever a condition below needs a conversation for is not there in other requests, so that it does not hold.
    /// </summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Tasks: of <see cref="TaskLabels"/>, of the organisation's own, or what callers declare.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>How sure the classifier must be, 0 to 1; goes with tasks. What a caller declares is sure.</summary>
    public double? TaskConfidence { get; init; }

    /// <summary>Of <see cref="Complexities"/>.</summary>
    public IReadOnlyList<string>? Complexity { get; init; }

    /// <summary>Words or phrases of which one stands in the user's last message, whole and whatever its case; a star at the end lets the word go on.</summary>
    public IReadOnlyList<string>? AnyWords { get; init; }

    /// <summary>Words or phrases which all stand there.</summary>
    public IReadOnlyList<string>? AllWords { get; init; }

    /// <summary>A .NET regular expression that matches there, whatever the case; of those that are matched without backtracking.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether that message holds a block of code.</summary>
    public bool? HasCode { get; init; }

    /// <summary>Messages of the user.</summary>
    public NumberRange? Turns { get; init; }

    /// <summary>Tokens of the prompt, estimated as a quarter of its bytes.</summary>
    public NumberRange? PromptTokens { get; init; }

    /// <summary>The caller's cap on output tokens; a request without one is in no range.</summary>
    public NumberRange? MaxTokens { get; init; }

    /// <summary>Whether there are tools.</summary>
    public bool? Tools { get; init; }

    /// <summary>Whether there are pictures.</summary>
    public bool? Images { get; init; }

    /// <summary>Whether there are recordings.</summary>
    public bool? Audio { get; init; }

    /// <summary>Whether there are documents.</summary>
    public bool? Documents { get; init; }

    /// <summary>Whether the answer must follow a JSON schema.</summary>
    public bool? JsonSchema { get; init; }

    /// <summary>Models asked for, <c>*</c> as in allowed models; <c>auto</c> stands for none named.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Ids of keys.</summary>
    public IReadOnlyList<Guid>? Keys { get; init; }

    /// <summary>Ids of teams.</summary>
    public IReadOnlyList<Guid>? Teams { get; init; }

    /// <summary>End users.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>Features.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Agents.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Tags which all are there with these values.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Names of tiers: that of the key, else of the user, else of the team.</summary>
    public IReadOnlyList<string>? Tiers { get; init; }

    /// <summary>Days, of <see cref="Weekdays"/>, in the organisation's time zone.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary>From this time of day on, <c>HH:mm</c>; later than <see cref="Until"/> means over midnight.</summary>
    public string? From { get; init; }

    /// <summary>Up to, and without, this time of day.</summary>
    public string? Until { get; init; }

    /// <summary>How much of a budget is used.</summary>
    public BudgetCondition? Budget { get; init; }
}

/// <summary>Numbers between two bounds, both included.</summary>
public sealed record NumberRange
{
    /// <summary>At least; null = no bound.</summary>
    public long? Min { get; init; }

    /// <summary>At most; null = no bound.</summary>
    public long? Max { get; init; }

    /// <summary>Whether a number is inside.</summary>
    public bool Holds(long value) => !(value < Min) && !(value > Max);
}

/// <summary>How much of a budget is used, as the gateway last heard when a request of it was settled.</summary>
public sealed record BudgetCondition
{
    /// <summary>Kind of the scope; of <see cref="Limits.ScopeKinds"/> but deployments.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Which one: a team's or key's id, the name of a user, feature, agent or model; null = the request's own.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Share of the cap that is settled, at least; 0 to 1, where 1 is all of it.</summary>
    public double AtLeast { get; init; }
}

/// <summary>Days of the week.</summary>
public static class Weekdays
{
    /// <summary>All of them, Sunday first as in <see cref="DayOfWeek"/>.</summary>
    public static readonly IReadOnlyList<string> All = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
}
