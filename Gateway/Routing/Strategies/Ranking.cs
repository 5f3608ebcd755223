using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>Sorting for the candidates of a model: a handful as a rule, some hundreds at most.</summary>
internal static class Ranking
{
    // Up to so many the plain way is the faster one; it takes a quarter of their square in moves.
    private const int Few = 24;

    [ThreadStatic]
    private static double[]? room;

    [ThreadStatic]
    private static Place[]? places;

    [ThreadStatic]
    private static Candidate[]? moved;

    /// <summary>Room for so many ranks, the thread's until it asks again.</summary>
    public static Span<double> Room(int count)
    {
        if (room is null || room.Length < count) room = new double[Math.Max(64, count)];
        return room.AsSpan(0, count);
    }

    /// <summary>Sorts by ascending ranks; equal ones keep their order. The ranks are sorted along.</summary>
    public static void Sort(Span<Candidate> candidates, Span<double> ranks)
    {
        if (candidates.Length > Few)
        {
            SortMany(candidates, ranks);
            return;
        }
        for (var i = 1; i < candidates.Length; i++)
        {
            var (candidate, rank) = (candidates[i], ranks[i]);
            var at = i;
            for (; at > 0 && ranks[at - 1] > rank; at--) (candidates[at], ranks[at]) = (candidates[at - 1], ranks[at - 1]);
            (candidates[at], ranks[at]) = (candidate, rank);
        }
    }

    /// <summary>Lets another one be first each time: whoever stands at the turn's place, then those behind it, then those before it.</summary>
    public static void Rotate(Span<Candidate> candidates, uint turn)
    {
        var by = (int)(turn % (uint)candidates.Length);
        candidates[..by].Reverse();
        candidates[by..].Reverse();
        candidates.Reverse();
    }

    private static void SortMany(Span<Candidate> candidates, Span<double> ranks)
    {
        var count = candidates.Length;
        if (places is null || moved is null || places.Length < count) (places, moved) = (new Place[count], new Candidate[count]);
        var order = places.AsSpan(0, count);
        for (var i = 0; i < count; i++) order[i] = new(ranks[i], i);
        order.Sort(ByRank.Instance);
        candidates.CopyTo(moved);
        for (var i = 0; i < count; i++) (candidates[i], ranks[i]) = (moved[order[i].At], order[i].Rank);
        // The thread lives longer than the configuration that these belong to.
        moved.AsSpan(0, count).Clear();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(double Rank, int At);

    private sealed class ByRank : IComparer<Place>
    {
        public static readonly ByRank Instance = new();

        public int Compare(Place x, Place y) => x.Rank.CompareTo(y.Rank) is var order and not 0 ? order : x.At.CompareTo(y.At);
    }
}
