using System.Collections.Concurrent;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>
/// Names of users, features and agents that callers bring and nobody configured: so many a day have meters of their own, the rest share one. So a caller
/// who makes up names can neither fill the ledger nor evade a limit for each.
/// </summary>
internal sealed class UnknownIds(int mostEach = UnknownIds.MostEach)
{
    /// <summary>Names of one kind in one organisation that this gateway keeps apart in a UTC day.</summary>
    public const int MostEach = 10_000;

    /// <summary>The name under which the others are counted.</summary>
    public const string Others = Shared.Ledger.LedgerFields.OtherNames;

    private readonly ConcurrentDictionary<(Guid Organisation, string Kind), Day> days = new();

    /// <summary>Whether a name may have meters of its own.</summary>
    public bool TryKeep(Guid organisation, string kind, string name, DateTimeOffset now)
    {
        var today = (int)(now.UtcTicks / TimeSpan.TicksPerDay);
        var key = (organisation, kind);
        if (!days.TryGetValue(key, out var day) || day.Number < today)
        {
            var next = new Day(today);
            day = days.AddOrUpdate(key, next, (_, there) => there.Number < today ? next : there);
        }
        if (day.Names.ContainsKey(name)) return true;
        if (Volatile.Read(ref day.Count) >= mostEach) return false;
        if (day.Names.TryAdd(name, 0)) Interlocked.Increment(ref day.Count);
        return true;
    }

    private sealed class Day(int number)
    {
        public readonly int Number = number;
        public readonly ConcurrentDictionary<string, byte> Names = new(StringComparer.Ordinal);
        // Counted apart: asking the dictionary would lock all of it.
        public int Count;
    }
}
