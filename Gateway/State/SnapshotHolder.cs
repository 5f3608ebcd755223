namespace AspireGateway.Gateway.State;

/// <summary>Holds the current configuration. Requests read it once; the refresher swaps it by one write.</summary>
internal sealed class SnapshotHolder
{
    private volatile ConfigurationSnapshot? current;

    /// <summary>The current configuration; null until the first one was loaded from Postgres or disk.</summary>
    public ConfigurationSnapshot? Current => current;

    /// <summary>Makes a snapshot the current one.</summary>
    public void Swap(ConfigurationSnapshot next) => current = next;
}
