namespace AspireGateway.Portal.Keys;

/// <summary>Keys to give another expiry, all or none.</summary>
public sealed record ExtendKeysRequest
{
    /// <summary>The keys, 1 to 200.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>When they expire from now on; in the future. Missing only with <c>never</c>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True: they do not expire any more.</summary>
    public bool? Never { get; init; }
}

/// <summary>Keys to give a tier, all or none.</summary>
public sealed record AssignTierToKeysRequest
{
    /// <summary>The keys, 1 to 200.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>The tier's name or id.</summary>
    public string? Tier { get; init; }
}

/// <summary>What a change of several keys did.</summary>
/// <param name="Changed">Keys that are another way now.</param>
/// <param name="Unchanged">Keys that were so already.</param>
public sealed record ChangedKeys(int Changed, int Unchanged);

/// <summary>That keys were changed together: stands in the audit once, beside the entry of each key.</summary>
public sealed record BulkKeyChange
{
    /// <summary>How many were changed.</summary>
    public required int Count { get; init; }

    /// <summary>Their names, in order.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>When they expire from then on; null = never, or their expiry was not changed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The tier that they were given; null = none.</summary>
    public string? Tier { get; init; }
}
