namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>From which share on, of requests that fail, it is more than chance and more than usual.</summary>
/// <param name="LeastShare">A smaller share is never unusual; from 0 to 1.</param>
/// <param name="LeastRequests">Of fewer requests no share is told.</param>
/// <param name="LeastFailures">Fewer failures are none.</param>
internal sealed record ShareRule(double LeastShare, int LeastRequests, int LeastFailures)
{
    private const double Factor = 3, Deviations = 5;

    // 3 × 0.1 is not 0.3 in binary: a share that is the threshold is above it all the same.
    private const double Rounding = 1e-9;

    /// <summary>The threshold: the largest of the least share, three times the usual one, and five standard errors of a share (√(p(1-p)/n)) above it.</summary>
    /// <param name="usual">Usual share, from 0 to 1.</param>
    /// <param name="requests">Requests within the window, at least 1.</param>
    public double Threshold(double usual, long requests) =>
        Math.Min(1, Math.Max(LeastShare, Math.Max(Factor * usual, usual + Deviations * Math.Sqrt(usual * (1 - usual) / Math.Max(1, requests)))));

    /// <summary>Judges a window.</summary>
    /// <param name="failures">Requests that failed within it.</param>
    /// <param name="requests">All of them.</param>
    /// <param name="usual">Usual share, from 0 to 1.</param>
    public Judgement Look(long failures, long requests, double usual)
    {
        var (threshold, share) = (Threshold(usual, requests), requests == 0 ? 0 : (double)failures / requests);
        return new(threshold, requests >= LeastRequests && failures >= LeastFailures && share >= threshold - Rounding, share < Hysteresis.CalmBelow * threshold || failures == 0);
    }
}
