namespace AspireGateway.Portal.Audit.Chain;

/// <summary>What a look through the whole chain of an organisation's audit found.</summary>
public sealed record AuditVerification
{
    /// <summary>Whether nothing was found wrong.</summary>
    public bool IsIntact => Faults.Count == 0;

    /// <summary>How many entries there are.</summary>
    public required long Entries { get; init; }

    /// <summary>The hash of the last one, in hexadecimal digits: whoever keeps it elsewhere can compare later. Null = there is none.</summary>
    public string? Head { get; init; }

    /// <summary>Seals that fit.</summary>
    public required long Seals { get; init; }

    /// <summary>The last entry that a seal vouches for; null = none does.</summary>
    public long? SealedTo { get; init; }

    /// <summary>When that seal was made.</summary>
    public DateTimeOffset? SealedAt { get; init; }

    /// <summary>What is wrong, in order; at most <see cref="VerifyAudit.MaxFaults"/>.</summary>
    public required IReadOnlyList<AuditFault> Faults { get; init; }
}

/// <summary>A place where the chain is broken.</summary>
/// <param name="Seq">The number of the entry.</param>
/// <param name="Id">The entry; null = it is not there.</param>
/// <param name="Message">What is wrong.</param>
public sealed record AuditFault(long Seq, Guid? Id, string Message);
