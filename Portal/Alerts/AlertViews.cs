namespace AspireGateway.Portal.Alerts;

/// <summary>What state alerts are listed by.</summary>
public static class AlertViews
{
    /// <summary>Open, and nobody looks after them yet.</summary>
    public const string Active = "active";

    /// <summary>Open, and somebody looks after them.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>Open, and quiet for a time.</summary>
    public const string Muted = "muted";

    /// <summary>Over.</summary>
    public const string Past = "past";

    /// <summary>Every state.</summary>
    public static readonly IReadOnlyList<string> All = [Active, Acknowledged, Muted, Past];
}
