using AspireGateway.Shared.Canaries;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// Whether a canary must be rolled back. Four sequential tests, each with a quarter of a false alarm rate of 5 %: a canary that is no worse than its guards allow is rolled back
/// in at most 5 of 100 runs, however long it runs and however often one looks. Pure: counts in, verdict out.
/// </summary>
internal static class CanaryEvaluator
{
    /// <summary>Probability that a canary as good as allowed is ever rolled back, over all tests.</summary>
    public const double FalseAlarms = 0.05;

    // So few say nothing of a mean's distribution, or of the baseline's rates that the tests plug in.
    private const double FewRequests = 20, FewMeans = 30, TailShare = 0.05;

    // ln(1/alpha) of one test.
    private static readonly double Enough = Math.Log(4 / FalseAlarms);

    /// <summary>The guard that the canary broke; null = none, so far.</summary>
    public static string? Broken(ArmCounts canary, ArmCounts baseline, CanaryGuards guards)
    {
        if (canary.Requests < FewRequests || baseline.Requests < FewRequests) return null;
        if (ErrorEvidence(canary, baseline, guards) >= Enough) return CanaryReasons.ErrorRate;
        if (LatencyEvidence(canary, baseline, guards) >= Enough) return CanaryReasons.Latency;
        if (CostEvidence(canary, baseline, guards) >= Enough) return CanaryReasons.Cost;
        return QualityEvidence(canary, baseline, guards) >= Enough ? CanaryReasons.Quality : null;
    }

    // The baseline's own rate is an estimate: one standard error and a smoothed count (Agresti and Coull, 1998) keep luck of the baseline from looking like a fault of the canary.
    private static double ErrorEvidence(ArmCounts canary, ArmCounts baseline, CanaryGuards guards)
    {
        if (guards.MaxErrorIncrease is not { } allowed) return double.NegativeInfinity;
        var rate = (baseline.Errors + 1) / (baseline.Requests + 2);
        var bound = rate + Math.Sqrt(rate * (1 - rate) / (baseline.Requests + 2)) + allowed;
        return bound >= 1 ? double.NegativeInfinity : SequentialTests.RateAbove(canary.Errors, canary.Requests, bound);
    }

    // If the canary's p95 were at most so many times the baseline's, at most one in twenty of its requests would take longer than that.
    private static double LatencyEvidence(ArmCounts canary, ArmCounts baseline, CanaryGuards guards)
    {
        if (guards.MaxLatencyRatio is not { } allowed || LatencyScale.Quantile(baseline.Latencies, 1 - TailShare) is not { } p95) return double.NegativeInfinity;
        double served = 0;
        foreach (var count in canary.Latencies) served += count;
        return served < FewRequests
            ? double.NegativeInfinity
            : SequentialTests.RateAbove(LatencyScale.Above(canary.Latencies, p95 + LatencyScale.Ratio(allowed)), served, TailShare);
    }

    private static double CostEvidence(ArmCounts canary, ArmCounts baseline, CanaryGuards guards)
    {
        if (guards.MaxCostRatio is not { } allowed || canary.Costs < FewMeans || baseline.Costs < FewMeans || baseline.CostSum <= 0) return double.NegativeInfinity;
        var (mean, variance) = Moments(canary.Costs, canary.CostSum, canary.CostSquares);
        var (ofBaseline, varianceOfBaseline) = Moments(baseline.Costs, baseline.CostSum, baseline.CostSquares);
        return SequentialTests.MeanAbove(
            mean - allowed * ofBaseline, variance / canary.Costs + allowed * allowed * varianceOfBaseline / baseline.Costs, ofBaseline * 0.25);
    }

    private static double QualityEvidence(ArmCounts canary, ArmCounts baseline, CanaryGuards guards)
    {
        if (guards.MaxQualityDrop is not { } allowed || canary.Votes < FewMeans || baseline.Votes < FewMeans) return double.NegativeInfinity;
        var (mean, variance) = Moments(canary.Votes, canary.VoteSum, canary.VoteSquares);
        var (ofBaseline, varianceOfBaseline) = Moments(baseline.Votes, baseline.VoteSum, baseline.VoteSquares);
        return SequentialTests.MeanAbove(ofBaseline - mean - allowed, variance / canary.Votes + varianceOfBaseline / baseline.Votes, 0.1);
    }

    private static (double Mean, double Variance) Moments(double count, double sum, double squares)
    {
        var mean = sum / count;
        // Equal values have a variance of nothing, and nothing is ever certain: a little is left.
        return (mean, Math.Max(squares / count - mean * mean, mean * mean * 1e-4) * count / (count - 1));
    }
}
