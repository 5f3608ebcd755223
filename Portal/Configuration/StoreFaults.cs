using System.Data.Common;

namespace AspireGateway.Portal.Configuration;

/// <summary>Tells a store that is away from a mistake of ours.</summary>
internal static class StoreFaults
{
    /// <summary>
    /// Whether a fault means that the database is away or too slow; retries and EF wrap what really happened. A cancellation counts: whoever cancels by himself asks for that first. What works in the
    /// background waits and goes on then, for an exception that leaves it ends the portal.
    /// </summary>
    public static bool IsStoreAway(this Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
            if (cause is DbException or TimeoutException or OperationCanceledException) return true;
        return false;
    }
}
