namespace AspireGateway.Portal.Content.Erasing;

/// <summary>An erasure of everything that is kept of a user.</summary>
public sealed record ContentErasureDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose texts, as callers name the user.</summary>
    public required string UserId { get; init; }

    /// <summary>Why, in the words of whoever asked for it.</summary>
    public required string Reason { get; init; }

    /// <summary>When the key was destroyed: from then on nobody can read them.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Rows that there were.</summary>
    public required long RowsFound { get; init; }

    /// <summary>Rows that are deleted by now.</summary>
    public long RowsRemoved { get; init; }

    /// <summary>When the last one was; null = the job is at it.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>Whose texts are to be erased, and why.</summary>
public sealed record EraseContentRequest
{
    /// <summary>The user, as callers name them in <c>x-gateway-user</c> or in the body; 1 to 128 characters.</summary>
    public string? UserId { get; init; }

    /// <summary>Why, 10 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }
}
