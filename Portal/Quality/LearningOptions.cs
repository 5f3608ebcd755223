namespace AspireGateway.Portal.Quality;

/// <summary>How quality is learned from feedback; section <c>Portal:Feedback</c>.</summary>
public sealed class LearningOptions
{
    /// <summary>After how many days a vote weighs half, above 0.</summary>
    public double HalfLifeDays { get; set; } = 30;

    /// <summary>How many users must have voted on a model's replies at a task before their votes count, at least 1.</summary>
    public int MinUsers { get; set; } = 5;

    /// <summary>As how many users those of one key weigh at most, where the key is not bound to a user and names them itself; at least 1.</summary>
    public int MaxUsersPerKey { get; set; } = 50;

    /// <summary>Seconds between two looks at the votes, at least 1.</summary>
    public int EverySeconds { get; set; } = 300;
}
