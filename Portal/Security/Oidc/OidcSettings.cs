namespace AspireGateway.Portal.Security.Oidc;

/// <summary>The identity provider by which people sign in; section <c>Portal:Oidc</c>.</summary>
public sealed record OidcSettings
{
    private const string Section = "Portal:Oidc";

    /// <summary>The provider's issuer; its discovery document stands below it.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The portal's name at the provider.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Its secret.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>What is asked for; <c>openid profile email</c> unless set.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>Claim with the person's groups; a path with dots leads into objects. <c>groups</c> unless set.</summary>
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>Claim with the person's roles at the provider, likewise. <c>roles</c> unless set.</summary>
    public string RolesClaim { get; init; } = "roles";

    /// <summary>Values of either claim that make an operator of the whole installation.</summary>
    public IReadOnlyList<string> OperatorGroups { get; init; } = [];

    /// <summary>What people call the provider; stands on the button.</summary>
    public string DisplayName { get; init; } = "single sign-on";

    /// <summary>True where the provider's addresses are each person's own for certain, although it does not say so in <c>email_verified</c>.</summary>
    public bool TrustEmail { get; init; }

    /// <summary>Whether claims are read from the provider's userinfo endpoint too; unless set, yes.</summary>
    public bool UserInfo { get; init; } = true;

    /// <summary>Whether this is the provider's issuer; a slash at the end does not count.</summary>
    public bool IsIssuer(string issuer) => string.Equals(issuer.TrimEnd('/'), Authority.TrimEnd('/'), StringComparison.Ordinal);

    /// <summary>Reads the section; null = there is none.</summary>
    public static OidcSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!section.GetChildren().Any(c => c.GetChildren().Any() || !string.IsNullOrWhiteSpace(c.Value))) return null;
        var usual = new OidcSettings();
        return new()
        {
            Authority = Value("Authority") ?? "",
            ClientId = Value("ClientId") ?? "",
            ClientSecret = Value("ClientSecret") ?? "",
            Scopes = Words("Scopes") ?? usual.Scopes,
            GroupsClaim = Value("GroupsClaim") ?? usual.GroupsClaim,
            RolesClaim = Value("RolesClaim") ?? usual.RolesClaim,
            OperatorGroups = List("OperatorGroups"),
            DisplayName = Value("DisplayName") ?? usual.DisplayName,
            TrustEmail = string.Equals(Value("TrustEmail"), "true", StringComparison.OrdinalIgnoreCase),
            UserInfo = !string.Equals(Value("UserInfo"), "false", StringComparison.OrdinalIgnoreCase),
        };

        string? Value(string name) => section[name]?.Trim() is { Length: > 0 } value ? value : null;

        string[]? Words(string name) => Value(name)?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        // One value with commas, or an array; names of groups may hold blanks.
        string[] List(string name) => Value(name) is { } text
            ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. section.GetSection(name).GetChildren().Select(c => c.Value?.Trim() ?? "").Where(v => v.Length > 0)];
    }

    /// <summary>What is wrong with the section; every fault is one line that says what to do.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="portal">The portal's other settings.</param>
    /// <param name="production">Whether plain HTTP is refused also on this machine.</param>
    public static IEnumerable<string> Faults(IConfiguration configuration, PortalSettings portal, bool production)
    {
        if (Read(configuration) is not { } oidc) yield break;
        foreach (var child in configuration.GetSection(Section).GetChildren())
            if (!s_names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) yield return $"Portal__Oidc__{child.Key} is not a setting. There are {string.Join(", ", s_names)}.";
        if (portal.ApiOnly) yield return "Portal__Oidc__* and Portal__ApiOnly=true contradict each other: without pages nobody signs in. Remove one of them.";
        if (oidc.Authority.Length == 0) yield return "Portal__Oidc__Authority is missing: the issuer of the identity provider, e.g. https://login.example.com/realms/company.";
        else if (!Uri.TryCreate(oidc.Authority, UriKind.Absolute, out var authority) || authority.Query.Length > 0 || authority.Fragment.Length > 0 || authority.UserInfo.Length > 0)
            yield return "Portal__Oidc__Authority is an absolute address without query and fragment, e.g. https://login.example.com/realms/company.";
        else if (!IsSafe(authority, production)) yield return "Portal__Oidc__Authority must be https.";
        if (oidc.ClientId.Length == 0) yield return "Portal__Oidc__ClientId is missing: the name under which the portal is registered at the identity provider.";
        if (oidc.ClientSecret.Length == 0) yield return "Portal__Oidc__ClientSecret is missing: register the portal as a confidential client and set its secret.";
        if (!oidc.Scopes.Contains("openid", StringComparer.Ordinal)) yield return "Portal__Oidc__Scopes must hold openid.";
        foreach (var name in (string[])["TrustEmail", "UserInfo"])
            if (configuration[$"{Section}:{name}"] is { Length: > 0 } text && !bool.TryParse(text, out _)) yield return $"Portal__Oidc__{name} is true or false.";
        if (string.IsNullOrWhiteSpace(configuration["Portal:PublicUrl"])) yield return "Portal__PublicUrl is missing: the address at which people open the portal, e.g. https://portal.example.com. The identity provider sends them back there.";
        if (oidc.OperatorGroups.Count == 0 && portal.AdminToken is null)
            yield return "nobody could say who may do what: set Portal__Oidc__OperatorGroups to a group of the identity provider whose members are operators, or Portal__AdminToken.";
    }

    /// <summary>Whether an address is encrypted, or leads to this machine where that is enough.</summary>
    public static bool IsSafe(Uri address, bool production) => address.Scheme == Uri.UriSchemeHttps || (!production && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static readonly string[] s_names =
        ["Authority", "ClientId", "ClientSecret", "Scopes", "GroupsClaim", "RolesClaim", "OperatorGroups", "DisplayName", "TrustEmail", "UserInfo"];

    // Records print their members; the secret must not reach a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Authority = ").Append(Authority).Append(", ClientId = ").Append(ClientId);
        return true;
    }
}
