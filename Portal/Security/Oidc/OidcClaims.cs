using System.Text.Json;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Security.Oidc;

/// <summary>Makes a person of the provider's claims.</summary>
public static class OidcClaims
{
    /// <summary>Most groups and roles that are kept of one person.</summary>
    public const int MaxValues = 1000;

    private const int MaxLength = 256;

    /// <summary>The person. The ID token's claims win over those of the userinfo endpoint; groups and roles of both count.</summary>
    /// <param name="issuer">Who vouches.</param>
    /// <param name="idToken">The ID token's claims, checked.</param>
    /// <param name="userInfo">The userinfo endpoint's, of the same person; null = it was not asked.</param>
    /// <param name="settings">Names of claims.</param>
    /// <exception cref="OidcFault">The groups were left out.</exception>
    public static VouchedPerson Person(string issuer, JsonElement idToken, JsonElement? userInfo, OidcSettings settings)
    {
        JsonElement[] sources = userInfo is { } more ? [idToken, more] : [idToken];
        var values = new List<string>();
        foreach (var (kind, name) in ((string, string)[])[(SignInClaims.Groups, settings.GroupsClaim), (SignInClaims.Roles, settings.RolesClaim)])
            values.AddRange(sources.SelectMany(s => Values(s, name)).Distinct(StringComparer.Ordinal).Select(v => $"{kind}:{v}"));
        // Microsoft Entra names the claim in _claim_names instead of sending it when a person is in very many groups. Taken for none, that would take roles away.
        if (sources.Any(s => s.TryGetProperty("_claim_names", out var left) && left.ValueKind == JsonValueKind.Object && left.TryGetProperty(settings.GroupsClaim, out _)))
            throw new OidcFault(OidcFault.TooManyGroups, "The identity provider left the groups out, as there are too many for a token. Let it send those only that are assigned to the application.");
        if (values.Count > MaxValues) throw new OidcFault(OidcFault.TooManyGroups, $"The identity provider sent more than {MaxValues} groups and roles.");

        var subject = IdToken.Text(idToken, "sub")!;
        var address = First("email");
        var called = First("name") ?? First("preferred_username") ?? address ?? subject;
        var verified = settings.TrustEmail || sources.Any(s => s.TryGetProperty("email_verified", out var v) && (v.ValueKind == JsonValueKind.True || (v.ValueKind == JsonValueKind.String && v.GetString() == "true")));
        return new()
        {
            Issuer = issuer, Subject = subject, Email = Cut((address ?? First("preferred_username") ?? subject).ToLowerInvariant()), EmailVerified = address is not null && verified,
            DisplayName = Cut(called), Claims = values,
        };

        string? First(string claim) => sources.Select(s => IdToken.Text(s, claim)?.Trim()).FirstOrDefault(t => !string.IsNullOrEmpty(t));
    }

    // The whole name first: names of claims may be addresses, with dots of their own.
    private static IEnumerable<string> Values(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
        {
            value = claims;
            foreach (var step in name.Split('.'))
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value)) return [];
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => Kept(value),
            JsonValueKind.Array => value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).SelectMany(Kept),
            _ => [],
        };
    }

    private static IEnumerable<string> Kept(JsonElement value) => value.GetString() is { Length: > 0 and <= MaxLength } text && !text.Any(char.IsControl) ? [text] : [];

    private static string Cut(string text)
    {
        text = new string([.. text.Where(c => !char.IsControl(c))]);
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }
}
