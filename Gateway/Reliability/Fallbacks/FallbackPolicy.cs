using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Routing;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability.Fallbacks;

/// <summary>Which failures lead to which leg.</summary>
internal static class FallbackPolicy
{
    private const string Unavailable = "fallback_unavailable";

    /// <summary>Whether a leg is taken for failures of deployments at all, and not only for a budget.</summary>
    public static bool IsAboutFailures(FallbackLeg leg) => !leg.HasCondition || leg.Status.Count > 0 || leg.Timeout || leg.ContextLength || leg.ContentFilter || leg.AllFailed;

    /// <summary>Whether a leg takes requests whose model cannot be asked at all, or may take too long: its circuits are open, its quotas used up.</summary>
    public static bool TakesUnavailable(FallbackLeg leg) => !leg.HasCondition || leg.Timeout || leg.AllFailed || leg.Status.Contains(503);

    /// <summary>Whether a leg takes them before anything was tried.</summary>
    public static bool TakesAtOnce(FallbackLeg leg) => TakesUnavailable(leg) && !OnlyAllFailed(leg);

    /// <summary>Why a leg is to be taken after these failures; null = it is not.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="attempts">The attempts so far, all of which failed.</param>
    /// <param name="isLast">Whether there is nothing left but to fail: only then those for <c>all_failed</c> are taken.</param>
    public static string? Reason(FallbackLeg leg, ReadOnlySpan<Attempt> attempts, bool isLast)
    {
        if (attempts.IsEmpty) return isLast ? TakesUnavailable(leg) ? Unavailable : null : TakesAtOnce(leg) ? Unavailable : null;
        foreach (ref readonly var attempt in attempts)
            if (Reason(leg, attempt) is { } reason) return reason;
        return leg.AllFailed && isLast && attempts[^1].Outcome is not ("rejected" or "context_length" or "content_filter" or "too_large") ? "fallback_all_failed" : null;
    }

    /// <summary>Whether somebody else can be asked when the current candidate takes too long.</summary>
    public static bool IsThereAfter(ReadOnlySpan<Candidate> candidates, int place)
    {
        for (var i = place; i < candidates.Length; i++)
            if (candidates[i].Dropped is null && (candidates[i].Leg is not { } leg || TakesUnavailable(leg))) return true;
        return false;
    }

    private static bool OnlyAllFailed(FallbackLeg leg) => leg.AllFailed && !leg.Timeout && !leg.Status.Contains(503);

    private static string? Reason(FallbackLeg leg, in Attempt attempt) => attempt.Outcome switch
    {
        "context_length" => leg.ContextLength ? "fallback_context_length" : null,
        "content_filter" => leg.ContentFilter ? "fallback_content_filter" : null,
        "timeout" when leg.Timeout || !leg.HasCondition => "fallback_timeout",
        _ => Takes(leg, StatusOf(attempt)) ? "fallback_status" : null,
    };

    private static bool Takes(FallbackLeg leg, int status) => leg.HasCondition ? leg.Status.Contains(status) : status is 500 or 502 or 503 or 504 or 529;

    // A failure without an HTTP status counts as the one that says the same.
    private static int StatusOf(in Attempt attempt) => attempt.Status is >= 400 and { } status ? status : attempt.Outcome switch
    {
        "connect_failed" or "overloaded" or "credential_unreadable" or "protocol_unknown" or "address_forbidden" => 503,
        "rate_limited" => 429,
        "timeout" => 504,
        "broken" or "malformed" => 502,
        "server_error" => 500,
        _ => 0,
    };
}
