namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// Reads what was spent before the ledger counted, without what it counts all the same. The two are read from two stores, one after the other: a request that arrived before the ledger was open, was held after it and has ended
/// meanwhile has a record that the books tell and a hold that was not there when the holds were read, and would be counted twice. So the holds are read again behind the books.
/// </summary>
internal static class SpentBefore
{
    private const int MostReadings = 4;

    /// <summary>Reads until nothing came in between.</summary>
    /// <typeparam name="T">What the books tell.</typeparam>
    /// <param name="older">Reads the requests that are older than the ledger and counted by it; null = the ledger does not answer.</param>
    /// <param name="spent">Reads the books without those.</param>
    /// <returns>What the books tell; null = the ledger did not answer, or it was never quiet: what was booked before stays.</returns>
    public static async Task<T?> ReadAsync<T>(Func<Task<Guid[]?>> older, Func<Guid[], Task<T>> spent)
        where T : class
    {
        if (await older() is not { } known) return null;
        for (var reading = 0; reading < MostReadings; reading++)
        {
            var found = await spent(known);
            if (await older() is not { } after) return null;
            if (Array.TrueForAll(after, id => Array.IndexOf(known, id) >= 0)) return found;
            // Those that were seen once stay out: what has ended is still counted.
            known = [.. known.Union(after)];
        }
        return null;
    }
}
