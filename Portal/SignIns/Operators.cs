using AspireGateway.Portal.Security;
using AspireGateway.Portal.Security.Oidc;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.SignIns;

/// <summary>
/// Who runs the installation. Said by its settings and never by the database: an administrator of an organisation who edits its mapping can so give nobody more than that organisation.
/// </summary>
public sealed class Operators(PortalSettings portal, OidcSettings? oidc = null)
{
    /// <summary>Whether whoever vouches for the person is still believed here.</summary>
    public bool Believes(string issuer) => string.Equals(issuer, Identity.LocalIssuer, StringComparison.Ordinal) ? portal.OneTimeToken is not null : oidc?.IsIssuer(issuer) == true;

    /// <summary>Whether the person is an operator now.</summary>
    public bool Includes(Person person) =>
        Believes(person.Issuer)
        && (string.Equals(person.Issuer, Identity.LocalIssuer, StringComparison.Ordinal) || oidc!.OperatorGroups.Any(g => person.Claims.Contains($"{SignInClaims.Groups}:{g}", StringComparer.Ordinal)
            || person.Claims.Contains($"{SignInClaims.Roles}:{g}", StringComparer.Ordinal)));
}
