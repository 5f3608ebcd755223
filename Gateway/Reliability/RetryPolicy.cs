using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Routing.Strategies;

namespace AspireGateway.Gateway.Reliability;

/// <summary>Which failures are worth another attempt at the same deployment, and after which wait.</summary>
internal static class RetryPolicy
{
    /// <summary>
    /// Whether the same deployment may do better soon: 408, 409, 429, 500, 502, 503, 504, 529, and connections that could not be made or broke. A silence that
    /// lasted to its time-out is not among them: the next one would take as long.
    /// </summary>
    public static bool IsRepeatable(in Attempt attempt, ProviderFailure failure)
    {
        if (attempt.Status is 409) return failure.Outcome == "rejected";
        if (attempt.Status is not (null or 200 or 408 or 429 or 500 or 502 or 503 or 504 or 529)) return false;
        return failure.Outcome switch
        {
            "rate_limited" or "overloaded" or "server_error" or "connect_failed" or "broken" => true,
            "timeout" => attempt.Status is 408 or 504,
            _ => false,
        };
    }

    /// <summary>
    /// The wait before retry number <paramref name="number"/> (from 0): by chance between nothing and a bound that doubles ("full jitter": M. Brooker, "Exponential
    /// backoff and jitter", AWS Architecture Blog, 2015), and no less than the provider asked for.
    /// </summary>
    /// <param name="number">How many retries there were.</param>
    /// <param name="asked">What the provider asked for; null = nothing.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="chance">Spreads those who were refused at the same time.</param>
    public static TimeSpan Wait(int number, TimeSpan? asked, ReliabilityOptions options, Chance chance)
    {
        var bound = Math.Min(options.LongestDelayMs, options.FirstDelayMs * Math.Pow(2, number));
        var wait = TimeSpan.FromMilliseconds(chance.Next() * bound);
        return asked > wait ? asked.Value : wait;
    }
}
