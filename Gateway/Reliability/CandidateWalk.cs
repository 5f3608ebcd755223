using System.Runtime.InteropServices;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Reliability.Fallbacks;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Reliability;

/// <summary>The way through a plan's candidates: the model's own in their order, then those of the legs that what failed leads to.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct CandidateWalk
{
    private int next;
    private bool isOwnOver;

    /// <summary>The next candidate that was not asked yet; -1 = there is none.</summary>
    public int Next(Candidate[] candidates, ProviderCall call)
    {
        while (next < candidates.Length)
        {
            var at = next++;
            if (candidates[at].Dropped is not null) continue;
            if (candidates[at].Leg is { } leg ? FallbackPolicy.Reason(leg, call.Attempts, isLast: false) is not null : !isOwnOver) return at;
        }
        return -1;
    }

    /// <summary>When all else failed: the first candidate of a leg that was not asked yet and takes what nobody could serve; -1 = there is none.</summary>
    public static int Last(Candidate[] candidates, ProviderCall call, AttemptTrail? trail)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i] is { Dropped: null, Leg: { } leg } && trail?.WasTried(i) != true && FallbackPolicy.Reason(leg, call.Attempts, isLast: true) is not null) return i;
        }
        return -1;
    }

    /// <summary>Whether another one could be asked if the one at hand takes too long.</summary>
    public readonly bool HasOthers(Candidate[] candidates) => FallbackPolicy.IsThereAfter(candidates, next);

    /// <summary>The model's own deployment that would be next, without going there; -1 = there is none.</summary>
    public readonly int PeekOwn(Candidate[] candidates)
    {
        for (var i = next; i < candidates.Length && !isOwnOver; i++)
            if (candidates[i] is { Dropped: null, Leg: null }) return i;
        return -1;
    }

    /// <summary>The model's other deployments would say the same.</summary>
    public void EndOwn() => isOwnOver = true;
}
