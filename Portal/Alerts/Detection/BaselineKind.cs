namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>What a baseline was learned from.</summary>
internal enum BaselineKind
{
    /// <summary>Nothing: the series is younger than a day.</summary>
    None,

    /// <summary>The last hours of a series that is younger than three days.</summary>
    Recent,

    /// <summary>The same hour of the days before, of a series that is younger than two weeks.</summary>
    Daily,

    /// <summary>The same hour of the weeks before.</summary>
    Seasonal,
}
