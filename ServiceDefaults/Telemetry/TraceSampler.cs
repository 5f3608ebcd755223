using System.Diagnostics;
using OpenTelemetry.Trace;

namespace AspireGateway.ServiceDefaults.Telemetry;

/// <summary>
/// Chooses whole traces, so many a second: what comes slower is traced all, and a flood costs no more than that. A span below a chosen one is chosen; one below a caller's that is not
/// sampled is not; everything else, a sampled caller's request too, takes a place. What says of itself that it failed (<see cref="Failed"/>) has as many places of its own,
/// also where its request was not chosen (decision 0194).
/// </summary>
/// <param name="perSecond">How many traces a second, and how many at once after a pause.</param>
/// <param name="time">The clock.</param>
public sealed class TraceSampler(int perSecond, TimeProvider time) : Sampler
{
    /// <summary>The attribute by which a span that is begun says that what it tells of failed.</summary>
    public const string Failed = "error.type";

    private static readonly SamplingResult Chosen = new(SamplingDecision.RecordAndSample), Left = new(SamplingDecision.Drop);

    private readonly Pace requests = new(perSecond, time), failures = new(perSecond, time);

    /// <inheritdoc />
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var isSampled = parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        // Below a span of this process.
        if (parent.TraceId != default && !parent.IsRemote && isSampled) return Chosen;
        if (HasFailed(samplingParameters.Tags)) return failures.TryTake() ? Chosen : Left;
        if (parent.TraceId != default && (!parent.IsRemote || !isSampled)) return Left;
        return requests.TryTake() ? Chosen : Left;
    }

    private static bool HasFailed(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        if (tags is null) return false;
        foreach (var (name, _) in tags)
            if (name == Failed) return true;
        return false;
    }

    /// <summary>So many a second, evenly: the theoretical arrival time of GCRA, in ticks of the clock.</summary>
    private sealed class Pace(int perSecond, TimeProvider time)
    {
        private long arrival = long.MinValue;

        public bool TryTake()
        {
            if (perSecond <= 0) return false;
            var (now, second) = (time.GetTimestamp(), time.TimestampFrequency);
            while (true)
            {
                var seen = Interlocked.Read(ref arrival);
                var next = Math.Max(seen, now) + second / perSecond;
                if (next - now > second) return false;
                if (Interlocked.CompareExchange(ref arrival, next, seen) == seen) return true;
            }
        }
    }
}
