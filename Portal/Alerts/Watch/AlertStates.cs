using AspireGateway.Portal.Alerts.Detection;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Remembers from look to look what was above its threshold, so that one minute alone raises nothing but costs, whose ten minutes are enough, and one calm minute ends nothing.</summary>
internal sealed class AlertStates(AlertBook book)
{
    private readonly Dictionary<SeriesKey, Hysteresis> series = [];
    private bool isLoaded;

    /// <summary>Forgets everything; what is open is read again with the next look.</summary>
    public void Forget()
    {
        series.Clear();
        isLoaded = false;
    }

    /// <summary>Takes one look. An alert that is open and of which nothing was found looks calm.</summary>
    public async Task TakeAsync(IReadOnlyCollection<Finding> findings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!isLoaded)
        {
            foreach (var open in await book.OpenAsync(cancellationToken)) series[open] = new Hysteresis(isRaised: true);
            isLoaded = true;
        }
        var missing = series.Keys.ToHashSet();
        foreach (var finding in findings)
        {
            missing.Remove(finding.Key);
            if (!series.TryGetValue(finding.Key, out var state))
            {
                if (!finding.Judgement.IsAbove) continue;
                series[finding.Key] = state = new(raiseAfter: finding.RaiseAfter);
            }
            var changed = state.Look(finding.Judgement);
            if (state.IsRaised) await book.RaiseAsync(finding, now, cancellationToken);
            else if (changed == false) await book.EndAsync(finding.Key, finding.Value, now, cancellationToken);
            if (state.IsIdle) series.Remove(finding.Key);
        }
        foreach (var key in missing)
        {
            if (series[key].Look(new(0, false, true)) == false) await book.EndAsync(key, 0, now, cancellationToken);
            if (series[key].IsIdle) series.Remove(key);
        }
    }
}
