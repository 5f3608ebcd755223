namespace AspireGateway.Gateway.Reliability;

/// <summary>
/// Keeps retries of a deployment to a share of its requests, so that an outage is not made worse by those who wait for its end: a bucket into which each request
/// puts a part of a retry. What this gateway sends; the same object in every snapshot.
/// </summary>
internal sealed class RetryBudget
{
    private const int Whole = 1_000;

    // Thousandths of a retry; below zero = not begun, the bucket is full then.
    private int saved = -1;

    /// <summary>A request goes there.</summary>
    public void Earn(double share, int reserve)
    {
        var most = reserve * Whole;
        var part = (int)(share * Whole);
        var before = Volatile.Read(ref saved);
        // A full bucket is the rule: nothing is written then.
        while (before >= 0 && before < most)
        {
            var seen = Interlocked.CompareExchange(ref saved, Math.Min(before + part, most), before);
            if (seen == before) return;
            before = seen;
        }
    }

    /// <summary>Takes a retry; false = there is none to be had.</summary>
    public bool TrySpend(int reserve)
    {
        while (true)
        {
            var before = Volatile.Read(ref saved);
            var left = (before < 0 ? reserve * Whole : before) - Whole;
            if (left < 0) return false;
            if (Interlocked.CompareExchange(ref saved, left, before) == before) return true;
        }
    }
}
