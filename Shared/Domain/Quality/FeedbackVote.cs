namespace AspireGateway.Shared.Domain.Quality;

/// <summary>A vote on the reply to one request. It counts once the request's record is known: until then nobody knows that the request was the voter's own.</summary>
public sealed class FeedbackVote
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation of the key.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The key that voted and that made the request.</summary>
    public Guid KeyId { get; set; }

    /// <summary>The request, as <c>x-request-id</c> of its reply names it.</summary>
    public required string RequestId { get; set; }

    /// <summary>What was judged; empty = the reply as a whole. One vote for each name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Who judges; of <see cref="FeedbackSources"/>.</summary>
    public required string Source { get; set; }

    /// <summary>0 (useless) to 1 (right).</summary>
    public double Score { get; set; }

    /// <summary>The voter's words.</summary>
    public string? Comment { get; set; }

    /// <summary>A JSON array of texts, or an object of them.</summary>
    public string? Tags { get; set; }

    /// <summary>When it was given last.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The request's record; null = not known yet.</summary>
    public Guid? UsageId { get; set; }

    /// <summary>When that arrived.</summary>
    public DateTimeOffset? UsageAt { get; set; }

    /// <summary>The request's user, or its key where it named none: one voice, however many votes.</summary>
    public string? Voter { get; set; }

    /// <summary>The request's task; null = not known, so that nothing is learned.</summary>
    public string? Task { get; set; }

    /// <summary>Slug of the provider that served.</summary>
    public string? Provider { get; set; }

    /// <summary>The provider's name of the model that served; null = its deployment is gone.</summary>
    public string? Model { get; set; }
}

/// <summary>Who judges a reply.</summary>
public static class FeedbackSources
{
    /// <summary>The end user.</summary>
    public const string User = "user";

    /// <summary>An evaluation that the application runs.</summary>
    public const string Eval = "eval";

    /// <summary>What came of it, e.g. that the ticket was closed.</summary>
    public const string Outcome = "outcome";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [User, Eval, Outcome];
}
