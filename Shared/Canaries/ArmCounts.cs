namespace AspireGateway.Shared.Canaries;

/// <summary>What is known of one arm of a canary: sums that can be added up over gateways, and from which every test is computed.</summary>
public sealed class ArmCounts
{
    /// <summary>Requests that ended, well or not.</summary>
    public double Requests { get; set; }

    /// <summary>Those whose first attempt failed, or whose reply broke.</summary>
    public double Errors { get; set; }

    /// <summary>Requests whose cost is known.</summary>
    public double Costs { get; set; }

    /// <summary>Sum of their costs, in micro-USD.</summary>
    public double CostSum { get; set; }

    /// <summary>Sum of the squares.</summary>
    public double CostSquares { get; set; }

    /// <summary>Votes on the quality of replies.</summary>
    public double Votes { get; set; }

    /// <summary>Sum of the votes, each 0 to 1.</summary>
    public double VoteSum { get; set; }

    /// <summary>Sum of the squares.</summary>
    public double VoteSquares { get; set; }

    /// <summary>Successful requests by how long the deployment took, see <see cref="LatencyScale"/>.</summary>
#pragma warning disable CA1819 // Counters, added to in place.
    public double[] Latencies { get; } = new double[LatencyScale.Buckets];
#pragma warning restore CA1819

    /// <summary>Share of requests that failed; 0 when there was none.</summary>
    public double ErrorRate => Requests > 0 ? Errors / Requests : 0;

    /// <summary>Mean cost of a request, in micro-USD; 0 when none is known.</summary>
    public double MeanCost => Costs > 0 ? CostSum / Costs : 0;

    /// <summary>The p95 latency, in milliseconds; null when none was served.</summary>
    public double? P95Ms => LatencyScale.Quantile(Latencies, 0.95) is { } place ? LatencyScale.At(place) / 1000 : null;

    /// <summary>Notes one request that failed.</summary>
    public void Fail()
    {
        Requests++;
        Errors++;
    }

    /// <summary>Notes one request that was served.</summary>
    /// <param name="latencyUs">How long the deployment took, in microseconds.</param>
    /// <param name="costMicroUsd">What it cost; null = not known.</param>
    public void Serve(long latencyUs, double? costMicroUsd)
    {
        Requests++;
        Latencies[LatencyScale.BucketOf(latencyUs)]++;
        if (costMicroUsd is not { } cost) return;
        Costs++;
        CostSum += cost;
        CostSquares += cost * cost;
    }

    /// <summary>Notes a vote.</summary>
    public void Vote(double score)
    {
        Votes++;
        VoteSum += score;
        VoteSquares += score * score;
    }

    /// <summary>Adds another one's sums.</summary>
    public void Add(ArmCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Requests += other.Requests;
        Errors += other.Errors;
        Costs += other.Costs;
        CostSum += other.CostSum;
        CostSquares += other.CostSquares;
        Votes += other.Votes;
        VoteSum += other.VoteSum;
        VoteSquares += other.VoteSquares;
        for (var i = 0; i < Latencies.Length; i++) Latencies[i] += other.Latencies[i];
    }
}
