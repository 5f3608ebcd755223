namespace AspireGateway.Gateway.State;

/// <summary>Holds the current configuration. Requests read it once; the refresher swaps it by one write.</summary>
internal sealed class SnapshotHolder
{
    private volatile ConfigurationSnapshot? current;
    private volatile bool storeWasRead;

    /// <summary>The current configuration; null until the first one was loaded from Postgres or disk.</summary>
    public ConfigurationSnapshot? Current => current;

    /// <summary>
    /// True once Postgres was read by this process. Before that, a key that the last-good snapshot does not know may well exist: it is answered
    /// with 503, never with 401.
    /// </summary>
    public bool StoreWasRead => storeWasRead;

    /// <summary>Makes a snapshot the current one.</summary>
    public void Swap(ConfigurationSnapshot next)
    {
        current = next;
        if (!next.FromDisk) storeWasRead = true;
    }
}
