namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>What ended within the window, of one value of a property.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Facet">Name of the roll-ups' facet.</param>
/// <param name="Value">Its value, as in the roll-ups.</param>
/// <param name="Requests">Requests that ended.</param>
/// <param name="CostNanoUsd">What they cost.</param>
/// <param name="Failed">Of them, those that a provider failed.</param>
/// <param name="RateLimited">Of them, those that a provider refused for its own limit.</param>
internal sealed record UsageWindow(Guid Organisation, string Facet, string Value, long Requests, long CostNanoUsd, long Failed, long RateLimited);
