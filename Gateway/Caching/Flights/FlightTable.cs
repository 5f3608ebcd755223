using System.Collections.Concurrent;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Flights;

/// <summary>The questions that this gateway is answering now, so that equal ones at the same time are asked of a provider once.</summary>
internal sealed class FlightTable
{
    private const int MostFlights = 10_000, MostFollowers = 4_000;

    private readonly ConcurrentDictionary<CacheDigest, Flight> flights = new();
    private int count;

    /// <summary>Flights now.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Joins the flight of a question, or begins one.</summary>
    /// <param name="digest">The question.</param>
    /// <param name="mayLead">Whether one may be begun.</param>
    /// <param name="leads">Whether it was.</param>
    /// <returns>Null = there are too many already, or none: everybody for themselves.</returns>
    public Flight? Join(CacheDigest digest, bool mayLead, out bool leads)
    {
        leads = false;
        while (true)
        {
            if (flights.TryGetValue(digest, out var flight)) return flight.TryFollow(MostFollowers) ? flight : null;
            if (!mayLead || Count >= MostFlights) return null;
            var mine = new Flight(digest);
            if (!flights.TryAdd(digest, mine)) continue;
            Interlocked.Increment(ref count);
            leads = true;
            return mine;
        }
    }

    /// <summary>Ends a flight. What its reply is kept in must have it already: whoever comes next looks there.</summary>
    public void End(Flight flight, FlightOutcome outcome, CachedReply? reply = null, float? similarity = null)
    {
        if (flights.TryRemove(new(flight.Digest, flight))) Interlocked.Decrement(ref count);
        flight.End(new(outcome, reply, similarity));
    }
}
