namespace AspireGateway.Gateway.State;

/// <summary>What a load did.</summary>
internal enum SnapshotLoadKind
{
    /// <summary>The known snapshot is current.</summary>
    Unchanged,

    /// <summary>Only what changed was read.</summary>
    Delta,

    /// <summary>Everything was read.</summary>
    Full,
}

/// <summary>The outcome of a load.</summary>
/// <param name="Snapshot">The configuration at the store's revision; the known one itself when nothing changed.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Faults">What could not serve.</param>
internal sealed record SnapshotLoad(ConfigurationSnapshot Snapshot, SnapshotLoadKind Kind, IReadOnlyList<ConfigurationFault> Faults);
