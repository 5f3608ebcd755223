namespace AspireGateway.Portal.SignIns;

/// <summary>Somebody as a session or an access token stands for them.</summary>
/// <param name="IdentityId">Who.</param>
/// <param name="Issuer">Who vouches for them.</param>
/// <param name="Email">Their address.</param>
/// <param name="Claims">Their groups and roles at the provider, at the last sign-in.</param>
public sealed record Person(Guid IdentityId, string Issuer, string Email, IReadOnlyList<string> Claims);

/// <summary>A session that stands.</summary>
/// <param name="Id">Its id, as the cookie carries it.</param>
/// <param name="Person">Whose it is.</param>
/// <param name="OrganisationId">The organisation that was chosen in it; null = none was.</param>
public sealed record Session(Guid Id, Person Person, Guid? OrganisationId);
