namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>What is watched.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Kind">Of <see cref="AlertKinds"/>.</param>
/// <param name="Subject">Which one of the kind.</param>
internal readonly record struct SeriesKey(Guid Organisation, string Kind, string Subject);
