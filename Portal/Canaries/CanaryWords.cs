using System.Globalization;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Canaries;

/// <summary>Canaries in words.</summary>
internal static class CanaryWords
{
    /// <summary>How it stands.</summary>
    public static string Status(CanaryRow canary) => canary switch
    {
        { Status: CanaryStatuses.Running, Broken: not null } => "Rolling back",
        { Status: CanaryStatuses.Running } => "Running",
        { Status: CanaryStatuses.Promoted } => "Promoted",
        { Status: CanaryStatuses.RolledBack } => "Rolled back",
        _ => "Aborted",
    };

    /// <summary>The class of its state.</summary>
    public static string StateClass(CanaryRow canary) => canary switch
    {
        { Status: CanaryStatuses.RolledBack } or { Broken: not null } => "state state-bad",
        { Status: CanaryStatuses.Running or CanaryStatuses.Promoted } => "state state-good",
        _ => "state",
    };

    /// <summary>A guard within a sentence.</summary>
    public static string Guard(string guard) => guard switch
    {
        CanaryReasons.ErrorRate => "its error rate",
        CanaryReasons.Latency => "its p95 latency",
        CanaryReasons.Cost => "its cost per request",
        CanaryReasons.Quality => "its quality",
        _ => guard,
    };

    /// <summary>What happens next, and what the gateways would do by themselves.</summary>
    public static string Next(CanaryRow canary, DateTimeOffset now)
    {
        if (canary.Broken is { } guard) return $"It broke the guard of {Guard(guard)}; the gateways took its traffic back at once.";
        if (canary.Status != CanaryStatuses.Running)
        {
            var why = canary.Reason is { } reason ? canary.Status == CanaryStatuses.RolledBack ? $" It broke the guard of {Guard(reason)}." : $" {reason.TrimEnd('.')}." : "";
            return $"{Status(canary)} by {canary.EndedBy}.{why}";
        }
        var step = canary.Step ?? 1;
        var watched = Watched(canary.Guards);
        var guards = watched.Count == 0 ? "Nothing is watched: it is never rolled back by itself." : $"Gateways roll it back when {string.Join(", or ", watched)}.";
        if (step >= canary.Steps.Count) return $"The last step. Promote it, or abort it. {guards}";
        var (requests, minutes) = (Math.Max(0, canary.MinRequests - canary.StepRequests), canary.Steps[step - 1].Minutes ?? 0);
        var wait = canary.StepAt is { } at ? at.AddMinutes((double)minutes) - now : TimeSpan.FromMinutes((double)minutes);
        List<string> lacks = [];
        if (wait > TimeSpan.Zero) lacks.Add(wait < TimeSpan.FromMinutes(1) ? "a minute" : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalMinutes):0} minutes"));
        if (requests > 0) lacks.Add(string.Create(CultureInfo.InvariantCulture, $"{requests:0} more requests"));
        return $"Next {Percent(canary.Steps[step].Percent)}, {(lacks.Count == 0 ? "now" : "after " + string.Join(" and ", lacks))}. {guards}";
    }

    /// <summary>A share.</summary>
    public static string Percent(decimal? percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %");

    /// <summary>A rate as percent.</summary>
    public static string Rate(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.0} %");

    private static List<string> Watched(CanaryGuards guards)
    {
        List<string> watched = [];
        if (guards.MaxErrorIncrease is { } errors) watched.Add(string.Create(CultureInfo.InvariantCulture, $"its error rate is more than {errors * 100:0.##} points higher"));
        if (guards.MaxLatencyRatio is { } latency) watched.Add(string.Create(CultureInfo.InvariantCulture, $"its p95 is above {latency:0.##} times"));
        if (guards.MaxCostRatio is { } cost) watched.Add(string.Create(CultureInfo.InvariantCulture, $"a request costs above {cost:0.##} times"));
        if (guards.MaxQualityDrop is { } drop) watched.Add(string.Create(CultureInfo.InvariantCulture, $"its votes are more than {drop:0.##} lower"));
        return watched;
    }
}
