namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>Bounds of <c>POST /v1/feedback</c>: <c>Gateway:Feedback</c>.</summary>
internal sealed class FeedbackOptions
{
    /// <summary>Votes of one key in a minute at this gateway, at least 1.</summary>
    public int VotesPerMinute { get; set; } = 600;

    /// <summary>How old a request may be, in days.</summary>
    public int MaxAgeDays { get; set; } = 30;

    /// <summary>How long a vote waits for its request's record before it is dropped, in seconds: far longer than records need to the books while Postgres is up.</summary>
    public int WaitSeconds { get; set; } = 900;

    /// <summary>How often waiting votes look for their records, in milliseconds.</summary>
    public int LookEveryMs { get; set; } = 1_000;

    /// <summary>Time for all of a vote's calls to Postgres, in milliseconds; after it the caller gets 503.</summary>
    public int StoreMs { get; set; } = 2_000;
}
