namespace AspireGateway.Portal.Quarantine;

/// <summary>A decision on a quarantined request.</summary>
public sealed record DecideQuarantineRequest
{
    /// <summary>Why, 1 to 500 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>What somebody needs the text of a quarantined request for.</summary>
public sealed record RevealQuarantineRequest
{
    /// <summary>What for, 1 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }
}

/// <summary>The text of a quarantined request.</summary>
public sealed record RevealedRequest
{
    /// <summary>The ticket.</summary>
    public required Guid Id { get; init; }

    /// <summary>Path and query that were asked.</summary>
    public required string Path { get; init; }

    /// <summary>The body's media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body; null = it is no text.</summary>
    public string? Body { get; init; }

    /// <summary>The body in base64, where it is no text.</summary>
    public byte[]? Bytes { get; init; }
}

/// <summary>A look at the text, as the audit keeps it.</summary>
/// <param name="Reason">What for, in their words.</param>
public sealed record QuarantineLook(string Reason);
