using System.Globalization;

namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>What happened within a day or a week of an organisation's calendar.</summary>
public sealed record DigestDocument
{
    /// <summary><c>daily</c> or <c>weekly</c>.</summary>
    public required string Period { get; init; }

    /// <summary>Slug of the organisation.</summary>
    public required string Organization { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The organisation's zone.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Its tables.</summary>
    public required IReadOnlyList<DigestSection> Sections { get; init; }

    /// <summary>Its title, one line.</summary>
    internal string Title => Period == DigestPeriods.Daily
        ? string.Create(CultureInfo.InvariantCulture, $"Daily digest of {Organization}, {From:yyyy-MM-dd}")
        : string.Create(CultureInfo.InvariantCulture, $"Weekly digest of {Organization}, {From:yyyy-MM-dd} to {To:yyyy-MM-dd}");
}
