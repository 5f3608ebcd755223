namespace AspireGateway.Portal.Quality.InUse;

/// <summary>How answers of the last days were taken, by model, task or feature.</summary>
public sealed record InUseReport
{
    /// <summary>What a row is: <c>model</c>, <c>task</c> or <c>feature</c>.</summary>
    public required string By { get; init; }

    /// <summary>From when on, inclusive: the start of a day of the organisation's.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Those of most requests, first.</summary>
    public required IReadOnlyList<InUseRow> Rows { get; init; }

    /// <summary>Whether there are more.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>How answers of one group were taken.</summary>
public sealed record InUseRow
{
    /// <summary>Its name; null = requests without one.</summary>
    public string? Group { get; init; }

    /// <summary>All its requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Votes by source, in the order of <see cref="Shared.Domain.Quality.FeedbackSources"/>; of those that nobody voted on, none.</summary>
    public required IReadOnlyList<SourceVotes> Votes { get; init; }

    /// <summary>Replies that were held against their context: faithfulness; null = none was, among the newest requests.</summary>
    public MeanOf? Grounded { get; init; }

    /// <summary>Requests in which a guardrail found something.</summary>
    public required long Found { get; init; }

    /// <summary>Requests that a guardrail refused or kept back.</summary>
    public required long Blocked { get; init; }
}

/// <summary>Votes of one source.</summary>
/// <param name="Source">Who judged; of <see cref="Shared.Domain.Quality.FeedbackSources"/>.</param>
/// <param name="Score">What they said.</param>
public sealed record SourceVotes(string Source, MeanOf Score);

/// <summary>A mean of values from 0 to 1.</summary>
/// <param name="Count">Of how many.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Lower">Lower end of its 95 % interval (Wilson's).</param>
/// <param name="Upper">Upper end.</param>
public sealed record MeanOf(long Count, double Mean, double Lower, double Upper)
{
    /// <summary>Of a sum.</summary>
    public static MeanOf Of(long count, double sum)
    {
        var mean = Math.Clamp(sum / count, 0, 1);
        var (lower, upper) = Shared.Domain.Quality.WilsonInterval.Of(mean, count);
        return new(count, mean, lower, upper);
    }
}
