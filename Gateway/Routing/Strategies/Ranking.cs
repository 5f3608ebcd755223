namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>Sorting for the handful of candidates that a model has.</summary>
internal static class Ranking
{
    [ThreadStatic]
    private static double[]? room;

    /// <summary>Room for so many ranks, the thread's until it asks again.</summary>
    public static Span<double> Room(int count)
    {
        if (room is null || room.Length < count) room = new double[Math.Max(64, count)];
        return room.AsSpan(0, count);
    }

    /// <summary>Sorts by ascending ranks; equal ones keep their order. The ranks are sorted along.</summary>
    public static void Sort(Span<Candidate> candidates, Span<double> ranks)
    {
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
}
