using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Contracts;

namespace AspireGateway.Portal.Requests;

/// <summary>A bar of the waterfall; times in microseconds since arrival.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Detail">More about it; null = nothing.</param>
/// <param name="StartUs">Its start.</param>
/// <param name="FirstByteUs">When a provider's reply began; null for the gateway's own steps and for attempts without a reply.</param>
/// <param name="EndUs">Its end.</param>
/// <param name="IsAttempt">Whether it is a call to a provider.</param>
/// <param name="Failed">Whether it failed.</param>
/// <param name="Around">Whether it is a step that consists of attempts.</param>
public sealed record WaterfallRow(
    string Name, string? Detail, long StartUs, long? FirstByteUs, long EndUs, bool IsAttempt, bool Failed, bool Around = false)
{
    /// <summary>A journey's bars in the order of their start; a step before the attempts it made.</summary>
    public static IReadOnlyList<WaterfallRow> Of(JourneyDocument journey)
    {
        var rows = new List<WaterfallRow>(journey.Steps.Count + journey.Attempts.Count);
        var start = 0L;
        foreach (var step in journey.Steps)
        {
            var around = journey.Attempts.Any(a => a.StartUs >= start && a.EndUs <= step.EndUs);
            rows.Add(new(Story.Name(step.Name), null, Math.Min(start, step.EndUs), null, step.EndUs, false, false, around));
            start = step.EndUs;
        }
        for (var i = 0; i < journey.Attempts.Count; i++)
        {
            var attempt = journey.Attempts[i];
            var ok = string.Equals(attempt.Outcome, "ok", StringComparison.Ordinal);
            var status = attempt.Status is { } code ? code.ToString(CultureInfo.InvariantCulture) : "no answer";
            var detail = ok ? $"{status}{First(attempt)}" : $"{status}, {Story.Name(attempt.Outcome).ToLowerInvariant()}";
            if (attempt.Role is not null) detail = $"as {attempt.Role}, {detail}";
            if (attempt.Score is { } score) detail += $", scored {score.ToString("0.##", CultureInfo.InvariantCulture)}{(attempt.Gate is null ? "" : $" for its {Story.Name(attempt.Gate).ToLowerInvariant()} ({attempt.GateDetail})")}";
            if (attempt.CostNanoUsd is { } cost) detail += $", {Money.Text(cost)}";
            rows.Add(new(
                journey.Attempts.Count == 1 ? attempt.Deployment : $"{(i + 1).ToString(CultureInfo.InvariantCulture)}. {attempt.Deployment}",
                detail, attempt.StartUs, attempt.FirstByteUs, attempt.EndUs, true, !ok));
        }
        return [.. rows.OrderBy(r => r.StartUs).ThenBy(r => r.IsAttempt).ThenBy(r => r.EndUs)];
    }

    private static string First(JourneyAttempt attempt) =>
        attempt.FirstByteUs is { } first ? $", first byte after {Quantity.Duration(first - attempt.StartUs)}" : "";
}
