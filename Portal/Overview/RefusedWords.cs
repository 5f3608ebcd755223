namespace AspireGateway.Portal.Overview;

/// <summary>Why requests were refused, in the words of people.</summary>
internal static class RefusedWords
{
    /// <summary>The words of an error code of the contracts; '' = none was recorded.</summary>
    public static string Of(string error) => error switch
    {
        "" => "no reason recorded",
        "guardrail_blocked" => "blocked by a guardrail",
        "quarantined" => "held in quarantine",
        "scope_stopped" => "stopped by a kill switch",
        "budget_exceeded" => "over a budget",
        "approval_required" => "needs an approval",
        "rate_limit_exceeded" => "over a limit",
        "concurrency_exceeded" => "too many at the same time",
        "queue_timeout" => "waited too long for its turn",
        "model_not_allowed" => "model not allowed",
        "region_not_allowed" => "region not allowed",
        "model_not_found" => "model unknown",
        "no_healthy_deployment" => "nobody healthy to ask",
        "pin_unavailable" => "pinned version not available",
        "store_unavailable" => "ledger not available",
        "invalid_request_error" => "not understood",
        _ => error.Replace('_', ' '),
    };
}
