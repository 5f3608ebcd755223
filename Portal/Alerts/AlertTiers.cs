namespace AspireGateway.Portal.Alerts;

/// <summary>How soon somebody has to look.</summary>
public static class AlertTiers
{
    /// <summary>Now: whoever is on call is told at once.</summary>
    public const string Page = "page";

    /// <summary>Today.</summary>
    public const string Daily = "daily";

    /// <summary>Every tier.</summary>
    public static readonly IReadOnlyList<string> All = [Page, Daily];
}
