namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Which answers are asked for again, and which end a run. Failures of providers are neither: the gateway has tried them again by itself.</summary>
internal static class BenchmarkTries
{
    private const int Most = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait before asking again; null = the answer stands. A request that may have been served is never sent twice.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="again">How often it was asked again already.</param>
    public static TimeSpan? PauseBefore(GatewayAnswer answer, int again)
    {
        if (again >= Most) return null;
        var growing = TimeSpan.FromSeconds(1 << again);
        return answer switch
        {
            // A limit of the team: nothing was used up. A provider's 429 comes as 502 or 503 after the gateway's own tries.
            { Status: 429 } => answer.RetryAfter is { } asked ? asked < Longest ? asked : Longest : growing,
            // The gateway restarts, or has not heard of the key yet.
            { NeverSent: true } or { Status: 401 } or { Code: "store_unavailable" } => growing,
            _ => null,
        };
    }

    /// <summary>Whether every other request would fare the same: the key, its budget or its permissions are in the way, or the gateway is gone.</summary>
    public static bool EndsTheRun(GatewayAnswer answer) => answer is { NeverSent: true } or { Status: 401 or 402 } or { Code: "store_unavailable" or "model_not_allowed" or "scope_stopped" };
}
