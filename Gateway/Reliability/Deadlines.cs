using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Reliability;

/// <summary>
/// By when a request must be answered. What nobody set bounds the time until an answer stands: a stream that flows is not cut because it is long. What the model
/// or the caller set holds to the last byte; a caller can only lower it.
/// </summary>
internal static class Deadlines
{
    /// <summary>Sets them.</summary>
    public static void Set(Exchange exchange, ReliabilityOptions options)
    {
        var call = exchange.Call;
        var set = Least(exchange.Request!.Timeout, exchange.Plan!.Model.Reliability?.TotalTimeoutMs);
        call.EndByUs = set;
        call.StandByUs = Math.Min(set, exchange.Plan.Model.Reliability?.TotalTimeoutMs is null ? options.TotalMs * 1_000L : long.MaxValue);
        call.MovesOnAfter = TimeSpan.FromMilliseconds(options.FallbackAfterMs);
    }

    private static long Least(TimeSpan? callers, int? models) =>
        Math.Min(callers is { } own ? (long)own.TotalMicroseconds : long.MaxValue, models is { } total ? total * 1_000L : long.MaxValue);
}
