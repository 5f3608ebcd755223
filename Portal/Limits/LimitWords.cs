using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Limits;

/// <summary>Limits as people read them.</summary>
public static class LimitWords
{
    /// <summary>How much: "60 requests a minute", "10 requests at the same time", "4,096 output tokens a request".</summary>
    public static string Amount(string unit, long amount, string? period) => unit switch
    {
        LimitUnits.Concurrency => $"{Quantity.Exact(amount)} {(amount == 1 ? "request" : "requests")} at the same time",
        LimitUnits.OutputTokens => $"{Quantity.Exact(amount)} output tokens a request",
        LimitUnits.Tokens => $"{Quantity.Exact(amount)} tokens {(period == LimitPeriods.Hour ? "an" : "a")} {period}",
        _ => $"{Quantity.Exact(amount)} {(amount == 1 ? "request" : "requests")} {(period == LimitPeriods.Hour ? "an" : "a")} {period}",
    };

    /// <summary>How many may come at once after a pause; null = it has no burst.</summary>
    public static long? Burst(LimitDetails limit) => limit.Period is null ? null : limit.Burst ?? Math.Max(1, limit.Amount / 10);

    /// <summary>What happens at the limit.</summary>
    public static string AtLimit(LimitDetails limit) => limit.OnLimit switch
    {
        LimitActions.Queue => $"waits up to {((limit.QueueMs ?? 0) / 1000m).ToString("#,##0.###", CultureInfo.InvariantCulture)}\u00A0s",
        LimitActions.Downgrade => $"goes to {limit.DowngradeModel}",
        LimitActions.Clamp => "is cut to it",
        _ => limit.ScopeKind == ScopeKinds.Deployment ? "goes to the next deployment" : "is refused",
    };
}
