namespace AspireGateway.Portal.Guardrails.Found;

/// <summary>Requests in which guardrails found something.</summary>
public sealed record FoundReport
{
    /// <summary>Start, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Requests with a finding, each once.</summary>
    public required long Requests { get; init; }

    /// <summary>Of these, those that a guardrail refused.</summary>
    public required long Refused { get; init; }

    /// <summary>By guardrail, the most frequent first. A request in which several found something counts with each.</summary>
    public required IReadOnlyList<FoundShare> Guardrails { get; init; }

    /// <summary>By team, the most frequent first.</summary>
    public required IReadOnlyList<FoundShare> Teams { get; init; }

    /// <summary>By what was found, the most frequent first: of the newest requests only, where there are more than <see cref="FoundQuery.MostTyped"/>.</summary>
    public required IReadOnlyList<FoundType> Types { get; init; }

    /// <summary>By feature, the most frequent first, the first hundred; an empty id is what names none.</summary>
    public required IReadOnlyList<FoundShare> Features { get; init; }

    /// <summary>By hour (up to two days) or day of the organisation's calendar, in order; times in which nothing was found have zeros.</summary>
    public required IReadOnlyList<FoundStep> Steps { get; init; }
}

/// <summary>The part of a guardrail or a team.</summary>
/// <param name="Id">The guardrail's name or the team's id.</param>
/// <param name="Name">The guardrail's name, or the team's; null = deleted.</param>
/// <param name="Requests">Requests with a finding.</param>
/// <param name="Refused">Of these, those that a guardrail refused.</param>
public sealed record FoundShare(string Id, string? Name, long Requests, long Refused);

/// <summary>Findings of one type.</summary>
/// <param name="Guardrail">Whose.</param>
/// <param name="Type">What, such as <c>EMAIL</c>.</param>
/// <param name="Requests">Requests with such a finding.</param>
/// <param name="Findings">How often it was found in them.</param>
public sealed record FoundType(string Guardrail, string Type, long Requests, long Findings);

/// <summary>What was found in a step of time.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Requests">Requests with a finding.</param>
/// <param name="Refused">Of these, those that a guardrail refused.</param>
public sealed record FoundStep(DateTimeOffset At, long Requests, long Refused);
