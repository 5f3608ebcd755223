namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>Answers and failures of about the last window: the running half of it and the half before. Counting takes no lock; two threads at the turn of a half may lose a few.</summary>
internal sealed class OutcomeWindow
{
    private long half;
    private int answers, failures, earlierAnswers, earlierFailures;

    /// <summary>Counts an answer.</summary>
    public void Answer(long nowMs, int windowMs)
    {
        Turn(nowMs, windowMs);
        Interlocked.Increment(ref answers);
    }

    /// <summary>Counts a failure; returns the percentage that failed and how many there were.</summary>
    public (int Percent, int Requests) Fail(long nowMs, int windowMs)
    {
        Turn(nowMs, windowMs);
        var failed = Interlocked.Increment(ref failures) + Volatile.Read(ref earlierFailures);
        var all = failed + Volatile.Read(ref answers) + Volatile.Read(ref earlierAnswers);
        return ((int)(failed * 100L / all), all);
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => answers = failures = earlierAnswers = earlierFailures = 0;

    private void Turn(long nowMs, int windowMs)
    {
        var now = nowMs / Math.Max(1, windowMs / 2);
        var seen = Volatile.Read(ref half);
        if (seen == now || Interlocked.CompareExchange(ref half, now, seen) != seen) return;
        var isNext = now == seen + 1;
        earlierAnswers = isNext ? Volatile.Read(ref answers) : 0;
        earlierFailures = isNext ? Volatile.Read(ref failures) : 0;
        Volatile.Write(ref answers, 0);
        Volatile.Write(ref failures, 0);
    }
}
