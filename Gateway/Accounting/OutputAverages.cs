using System.Collections.Concurrent;

namespace AspireGateway.Gateway.Accounting;

/// <summary>How long answers of each deployment usually are: a moving average of reported output tokens, the estimate for requests that never report.</summary>
internal sealed class OutputAverages
{
    private const long BeforeAnyReport = 256;
    // Weight of the newest report: the last few dozen answers make the average.
    private const double Alpha = 0.05;

    private readonly ConcurrentDictionary<Guid, Average> averages = new();

    /// <summary>The estimate for a deployment, in tokens.</summary>
    public long Of(Guid deployment) => averages.TryGetValue(deployment, out var average) ? (long)average.Value : BeforeAnyReport;

    /// <summary>Learns from a report.</summary>
    public void Learn(Guid deployment, long outputTokens)
    {
        var average = averages.GetOrAdd(deployment, static (_, first) => new Average { Value = first }, outputTokens);
        // Racing updates may lose one sample; an average can bear that.
        average.Value += (outputTokens - average.Value) * Alpha;
    }

    private sealed class Average
    {
        public double Value;
    }
}
