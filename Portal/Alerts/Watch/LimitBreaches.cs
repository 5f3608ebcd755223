namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Requests that a limit or a budget refused within the window.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="ScopeKind">Whose limit it was: key, team, user, organisation, global and so on.</param>
/// <param name="ScopeId">Which one; '' = the only one.</param>
/// <param name="Refused">How many.</param>
/// <param name="Tier">Name of the callers' tier; null = they have none.</param>
internal sealed record LimitBreaches(Guid Organisation, string ScopeKind, string ScopeId, long Refused, string? Tier);
