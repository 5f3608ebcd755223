using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Reliability;

/// <summary>What became of a request's candidates so far. Made with the first failure: a request that is answered at once has none.</summary>
internal sealed class AttemptTrail(int candidates)
{
    private readonly Entry[] entries = new Entry[candidates];
    private int other = -1;

    /// <summary>Notes a failure.</summary>
    /// <param name="candidate">Its place in the plan.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="failure">Why it failed.</param>
    public void Note(int candidate, in Attempt attempt, ProviderFailure failure)
    {
        ref var entry = ref entries[candidate];
        entry.Attempts++;
        entry.IsRepeatable = RetryPolicy.IsRepeatable(attempt, failure);
        entry.ReadyUs = failure.ToldSeconds is { } seconds ? attempt.EndUs + seconds * 1_000_000L : 0;
    }

    /// <summary>The candidate is to be asked at once with another one of its credentials.</summary>
    public void AskOther(int candidate) => other = candidate;

    /// <summary>The candidate for which that was said since the last call; -1 = none.</summary>
    public int TakeOther()
    {
        var taken = other;
        other = -1;
        return taken;
    }

    /// <summary>The candidate is not to be tried again.</summary>
    public void GiveUp(int candidate) => entries[candidate].IsRepeatable = false;

    /// <summary>Nobody is to be tried again: all would say the same.</summary>
    public void GiveUpAll()
    {
        foreach (ref var entry in entries.AsSpan()) entry.IsRepeatable = false;
    }

    /// <summary>How often the candidate was tried.</summary>
    public int AttemptsAt(int candidate) => entries[candidate].Attempts;

    /// <summary>Whether the candidate was tried.</summary>
    public bool WasTried(int candidate) => entries[candidate].Attempts > 0;

    /// <summary>
    /// The candidate to try again: the one that is ready first, then the one that was tried least, then the better one. -1 = there is none.
    /// </summary>
    /// <param name="nowUs">The time since the request's arrival, in microseconds.</param>
    /// <param name="asked">How long its provider asked to be left alone, from now.</param>
    public int Next(long nowUs, out TimeSpan? asked)
    {
        var best = -1;
        for (var i = 0; i < entries.Length; i++)
            if (entries[i].IsRepeatable && (best < 0 || IsBefore(entries[i], entries[best], nowUs))) best = i;
        asked = best >= 0 && entries[best].ReadyUs > nowUs ? TimeSpan.FromMicroseconds(entries[best].ReadyUs - nowUs) : null;
        return best;
    }

    private static bool IsBefore(in Entry one, in Entry other, long nowUs)
    {
        var (ready, otherReady) = (Math.Max(one.ReadyUs, nowUs), Math.Max(other.ReadyUs, nowUs));
        return ready != otherReady ? ready < otherReady : one.Attempts < other.Attempts;
    }

    private struct Entry
    {
        public int Attempts;
        public bool IsRepeatable;
        public long ReadyUs;
    }
}
