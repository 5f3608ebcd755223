namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// Keeps one event one alert: it is raised after some looks in a row above the threshold, and over only after some looks in a row below a part of it. What hovers in between changes nothing.
/// </summary>
/// <param name="isRaised">Whether it begins raised, as after a restart with an alert that is open.</param>
/// <param name="raiseAfter">Looks in a row above the threshold that raise it; from 1.</param>
internal sealed class Hysteresis(bool isRaised = false, int raiseAfter = Hysteresis.RaiseAfter)
{
    /// <summary>Looks in a row above the threshold that raise it where nothing else is said; a look a minute.</summary>
    public const int RaiseAfter = 2;

    /// <summary>Looks in a row below half of the threshold that end it.</summary>
    public const int ClearAfter = 10;

    /// <summary>Part of the threshold below which a look counts as calm.</summary>
    public const double CalmBelow = 0.5;

    private int row;

    /// <summary>Whether it is raised.</summary>
    public bool IsRaised { get; private set; } = isRaised;

    /// <summary>Whether it need not be kept: not raised, and the last look was not above.</summary>
    public bool IsIdle => !IsRaised && row == 0;

    /// <summary>Takes one look.</summary>
    /// <returns>Whether it is raised by this look (true), over by it (false), or as it was (null).</returns>
    public bool? Look(Judgement judgement)
    {
        row = (IsRaised ? judgement.IsCalm : judgement.IsAbove) ? row + 1 : 0;
        if (row < (IsRaised ? ClearAfter : raiseAfter)) return null;
        row = 0;
        return IsRaised = !IsRaised;
    }
}
