using AspireGateway.Gateway.Routing.Strategies;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>
/// A deployment's circuit breaker as one gateway knows it; the same object in every snapshot. Closed, it costs a read before a request and two counts after it.
/// It opens on failures in a row, on their share of a window, or on a p95 that is too long; then one request at a time looks how it is; who recovered gets a
/// tenth, a quarter, half, and then all of its requests. Times in milliseconds since 1970.
/// </summary>
internal sealed class Circuit
{
    /// <summary>Word of a plan for one whose circuit is open.</summary>
    public const string CircuitOpen = "circuit_open";

    /// <summary>Word of a plan for one that its provider asked to leave alone.</summary>
    public const string RestingWord = "resting";

    /// <summary>Word of a plan for one that gets only a share yet.</summary>
    public const string RecoveringWord = "recovering";

    /// <summary>How long a permission to look lasts while nobody uses it.</summary>
    public const int PermissionMs = 5_000;

    // The longest that a look may take before another one is allowed.
    private const int LookMs = 60_000;
    private const long LongestMs = 24 * 3_600_000L;
    private static readonly double[] Shares = [0.10, 0.25, 0.50];

    /// <summary>How many shares there are before all.</summary>
    public const int RampStages = 3;

    private readonly Lock gate = new();
    private readonly OutcomeWindow window = new();
    private readonly LatencyWindow streams = new(), wholes = new();
    private int state, failuresInARow;
    private bool isHeld;
    private long untilMs, restUntilMs, recoveringSinceMs, permittedUntilMs, lookUntilMs, openedAtMs, closedAtMs, outSinceMs, toldOutSinceMs;

    /// <summary>Whether somebody took it out by hand.</summary>
    public bool IsHeld => Volatile.Read(ref isHeld);

    /// <summary>When its requests began to go elsewhere, because it opened or was taken out; a look that fails does not begin anew. 0 = they do not.</summary>
    public long OutSinceMs => Volatile.Read(ref outSinceMs);

    /// <summary>Where it stands now.</summary>
    public CircuitState StateAt(long nowMs)
    {
        if (Volatile.Read(ref isHeld)) return CircuitState.Open;
        var now = (CircuitState)Volatile.Read(ref state);
        if (now != CircuitState.Open && nowMs < Volatile.Read(ref restUntilMs)) return CircuitState.Resting;
        return now;
    }

    /// <summary>The usual time to an answer's beginning at the slow end (p95), in milliseconds; 0 = unknown.</summary>
    public int P95(bool stream) => (stream ? streams : wholes).P95;

    /// <summary>Why it is not to be asked for this request; null = it may. Takes no lock.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="chance">Decides about the share of one that recovers.</param>
    /// <param name="rampMs">How long each share lasts.</param>
    public string? Objection(long nowMs, Chance chance, int rampMs)
    {
        var now = (CircuitState)Volatile.Read(ref state);
        if (now == CircuitState.Closed && Volatile.Read(ref restUntilMs) == 0 && !Volatile.Read(ref isHeld)) return null;
        if (Volatile.Read(ref isHeld)) return CircuitOpen;
        if (now == CircuitState.Open) return MayLook(nowMs) ? null : CircuitOpen;
        if (nowMs < Volatile.Read(ref restUntilMs)) return RestingWord;
        if (now != CircuitState.Recovering) return null;
        return ShareAfter(nowMs - Volatile.Read(ref recoveringSinceMs), rampMs) is not { } share || chance.Next() < share ? null : RecoveringWord;
    }

    /// <summary>The share of requests that a deployment gets so long after its ramp began; null = all of them.</summary>
    public static double? ShareAfter(long tookMs, int rampMs) => tookMs / Math.Max(1, rampMs) is var stage and >= 0 and < RampStages ? Shares[stage] : null;

    /// <summary>Whether nobody has told yet that somebody stands in for it this time.</summary>
    public bool TryTellStandIn() => Volatile.Read(ref outSinceMs) is var since and not 0 && Interlocked.Exchange(ref toldOutSinceMs, since) != since;

    /// <summary>Whether a request may go there now; of an open one, the first that asks while a look is due is the one that looks.</summary>
    public bool TryEnter(long nowMs)
    {
        if ((CircuitState)Volatile.Read(ref state) != CircuitState.Open && !Volatile.Read(ref isHeld)) return true;
        lock (gate)
        {
            if (isHeld) return false;
            if ((CircuitState)state != CircuitState.Open) return true;
            if (!MayLook(nowMs)) return false;
            lookUntilMs = nowMs + LookMs;
            return true;
        }
    }

    /// <summary>The one that looked left without learning anything.</summary>
    public void Abandon() => Volatile.Write(ref lookUntilMs, 0);

    /// <summary>Whether a look is due that nobody may take yet.</summary>
    public bool WantsLook(long nowMs) =>
        (CircuitState)Volatile.Read(ref state) == CircuitState.Open && !Volatile.Read(ref isHeld) && nowMs >= Volatile.Read(ref untilMs)
        && nowMs >= Volatile.Read(ref lookUntilMs) && nowMs >= Volatile.Read(ref permittedUntilMs);

    /// <summary>Lets the next request look.</summary>
    public void Permit(long nowMs) => Volatile.Write(ref permittedUntilMs, nowMs + PermissionMs);

    /// <summary>An answer has begun. What was open begins to recover.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="tookMs">From the attempt's start.</param>
    /// <param name="stream">Whether it is a stream.</param>
    /// <param name="terms">When it opens.</param>
    public CircuitChange? Stand(long nowMs, int tookMs, bool stream, in CircuitTerms terms)
    {
        var latencies = stream ? streams : wholes;
        var isNew = latencies.Note(tookMs);
        if (isNew && terms.LatencyMs > 0 && latencies.Count >= terms.MinimumRequests && latencies.P95 > terms.LatencyMs && (CircuitState)Volatile.Read(ref state) == CircuitState.Closed)
            return Open(nowMs, $"p95 {latencies.P95} ms of {terms.LatencyMs} ms", terms);
        if ((CircuitState)Volatile.Read(ref state) != CircuitState.Open) return null;
        lock (gate)
        {
            // What was on its way when it opened proves nothing.
            if ((CircuitState)state != CircuitState.Open || isHeld || nowMs - tookMs < openedAtMs) return null;
            Recover(nowMs);
            return new(CircuitState.Recovering, "a request was answered", 0);
        }
    }

    /// <summary>It had not begun to answer after this long when nobody waited for it any more. Without that its slowest times would never be known.</summary>
    public void Outlast(bool stream, int tookMs) => (stream ? streams : wholes).Note(tookMs);

    /// <summary>An answer has ended well.</summary>
    public CircuitChange? Succeed(long nowMs, in CircuitTerms terms, int rampMs)
    {
        window.Answer(nowMs, terms.WindowMs);
        if (Volatile.Read(ref failuresInARow) != 0) Volatile.Write(ref failuresInARow, 0);
        if ((CircuitState)Volatile.Read(ref state) != CircuitState.Recovering || nowMs - Volatile.Read(ref recoveringSinceMs) < (long)rampMs * RampStages) return null;
        lock (gate)
        {
            if ((CircuitState)state != CircuitState.Recovering) return null;
            Volatile.Write(ref state, (int)CircuitState.Closed);
            Volatile.Write(ref outSinceMs, 0);
            return new(CircuitState.Closed, "it has recovered", 0);
        }
    }

    /// <summary>It was looked at beside the requests, and lives: what is open and whose time is up begins to recover, failures in a row end.</summary>
    public CircuitChange? Revive(long nowMs, long startedMs)
    {
        if (Volatile.Read(ref failuresInARow) != 0) Volatile.Write(ref failuresInARow, 0);
        if ((CircuitState)Volatile.Read(ref state) != CircuitState.Open) return null;
        lock (gate)
        {
            if ((CircuitState)state != CircuitState.Open || isHeld || startedMs < untilMs) return null;
            Recover(nowMs);
            return new(CircuitState.Recovering, "a health check was answered", 0);
        }
    }

    /// <summary>It failed, before its answer began or in the middle of it.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="startedMs">When the attempt began.</param>
    /// <param name="word">The failure's word.</param>
    /// <param name="terms">When it opens.</param>
    public CircuitChange? Fail(long nowMs, long startedMs, string word, in CircuitTerms terms)
    {
        var (percent, requests) = window.Fail(nowMs, terms.WindowMs);
        var row = Interlocked.Increment(ref failuresInARow);
        switch ((CircuitState)Volatile.Read(ref state))
        {
            // Without another one requests go there all the same; only the one that looked says something new.
            case CircuitState.Open:
                return Volatile.Read(ref lookUntilMs) != 0 ? Open(nowMs, $"{word} when it was tried again", terms, again: true) : null;
            case CircuitState.Recovering when startedMs < Volatile.Read(ref recoveringSinceMs):
                return null;
            case CircuitState.Recovering:
                return Open(nowMs, $"{word} while it recovered", terms);
        }
        if (terms.Failures > 0 && row >= terms.Failures) return Open(nowMs, $"{row} failures in a row, the last {word}", terms);
        return terms.FailurePercent > 0 && requests >= terms.MinimumRequests && percent >= terms.FailurePercent
            ? Open(nowMs, $"{percent} % of {requests} requests failed, the last {word}", terms)
            : null;
    }

    /// <summary>Its provider asked to be left alone for so long.</summary>
    public CircuitChange? Rest(long nowMs, TimeSpan wish, string word)
    {
        var until = nowMs + Math.Min((long)wish.TotalMilliseconds, LongestMs);
        lock (gate)
        {
            lookUntilMs = 0;
            // Requests on their way bring the same news again.
            if (until <= restUntilMs + 500) return null;
            Volatile.Write(ref restUntilMs, until);
            return new(CircuitState.Resting, word, until);
        }
    }

    /// <summary>Another gateway has seen a change.</summary>
    public void Adopt(in CircuitChange change, long nowMs)
    {
        lock (gate)
        {
            switch (change.State)
            {
                case CircuitState.Open when change.UntilMs > nowMs && change.UntilMs <= nowMs + LongestMs:
                    SetOpen(nowMs, change.UntilMs);
                    break;
                case CircuitState.Resting when change.UntilMs > restUntilMs && change.UntilMs <= nowMs + LongestMs:
                    Volatile.Write(ref restUntilMs, change.UntilMs);
                    break;
                case CircuitState.Recovering when (CircuitState)state == CircuitState.Open:
                    Recover(nowMs);
                    break;
                case CircuitState.Closed when (CircuitState)state != CircuitState.Closed:
                    Close();
                    break;
            }
        }
    }

    /// <summary>Does what somebody ordered by hand: held open or not, and closed at a moment.</summary>
    /// <param name="heldOpen">Whether it is out.</param>
    /// <param name="closedMs">When it was closed by hand; 0 = never.</param>
    /// <param name="nowMs">The time.</param>
    public void Order(bool heldOpen, long closedMs, long nowMs)
    {
        lock (gate)
        {
            Volatile.Write(ref isHeld, heldOpen);
            if (heldOpen) GoOut(nowMs);
            else if ((CircuitState)state == CircuitState.Closed) Volatile.Write(ref outSinceMs, 0);
            if (closedMs <= closedAtMs) return;
            closedAtMs = closedMs;
            Close();
        }
    }

    /// <summary>Forgets times of rest that are over, so that requests need not look.</summary>
    public void Tidy(long nowMs)
    {
        if (Volatile.Read(ref restUntilMs) is var rest && rest != 0 && nowMs >= rest) Interlocked.CompareExchange(ref restUntilMs, 0, rest);
    }

    private bool MayLook(long nowMs) =>
        nowMs >= Volatile.Read(ref untilMs) && nowMs < Volatile.Read(ref permittedUntilMs) && nowMs >= Volatile.Read(ref lookUntilMs);

    private CircuitChange? Open(long nowMs, string reason, in CircuitTerms terms, bool again = false)
    {
        lock (gate)
        {
            if ((CircuitState)state == CircuitState.Open && !again) return null;
            SetOpen(nowMs, nowMs + terms.OpenMs);
            return new(CircuitState.Open, reason, untilMs);
        }
    }

    private void SetOpen(long nowMs, long until)
    {
        openedAtMs = nowMs;
        GoOut(nowMs);
        untilMs = until;
        lookUntilMs = permittedUntilMs = 0;
        Volatile.Write(ref state, (int)CircuitState.Open);
        Forget();
    }

    private void GoOut(long nowMs)
    {
        if (outSinceMs == 0) Volatile.Write(ref outSinceMs, nowMs);
    }

    private void Recover(long nowMs)
    {
        recoveringSinceMs = nowMs;
        lookUntilMs = permittedUntilMs = 0;
        Volatile.Write(ref state, (int)CircuitState.Recovering);
        Forget();
    }

    private void Close()
    {
        lookUntilMs = permittedUntilMs = restUntilMs = 0;
        Volatile.Write(ref state, (int)CircuitState.Closed);
        if (!isHeld) Volatile.Write(ref outSinceMs, 0);
        Forget();
    }

    private void Forget()
    {
        Volatile.Write(ref failuresInARow, 0);
        window.Clear();
        streams.Clear();
        wholes.Clear();
    }
}
