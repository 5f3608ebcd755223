namespace AspireGateway.Portal.Scopes;

/// <summary>What a limit, budget, tier or stop is set on, found and in its normal form.</summary>
/// <param name="OrganisationId">The organisation; <see cref="Guid.Empty"/> = the installation.</param>
/// <param name="Kind">Of <see cref="Shared.Domain.Limits.ScopeKinds"/>.</param>
/// <param name="Id">An id in lower-case hex with hyphens, or a name; null = the default of the kind, or the one there is.</param>
/// <param name="TeamId">The team whose lead it is the business of: the team itself, a key's, a user's of the lead's teams; null = nobody's but admins'.</param>
internal sealed record ScopeTarget(Guid OrganisationId, string Kind, string? Id, Guid? TeamId);
