namespace AspireGateway.AppHost.AspireHost;

/// <summary>
/// The portal's settings of sign-in under the Aspire host. Published, the portal runs in Production and starts only with an identity provider, so the deployment is asked for what has no default;
/// in run mode its link signs in, and only what is configured is passed on. Knows nothing of Aspire, so that it can be tested where Aspire cannot be had.
/// </summary>
internal static class SignInSettings
{
    /// <summary>Where the host's configuration says that the portal has no pages and needs no identity provider.</summary>
    public const string ApiOnlyKey = "Portal:ApiOnly";

    private static readonly (string Path, bool IsSecret, bool IsNeeded, string Description)[] s_all =
    [
        ("PublicUrl", false, true, "Address at which people open the portal, e.g. https://portal.example.com"),
        ("Oidc:Authority", false, true, "Issuer of the identity provider, exactly as it names itself"),
        ("Oidc:ClientId", false, true, "The portal's name at the identity provider"),
        ("Oidc:ClientSecret", true, true, "The portal's secret at the identity provider"),
        ("Oidc:OperatorGroups", false, true, "Groups at the identity provider whose members are operators, with commas between"),
        ("Oidc:Scopes", false, false, "What is asked for; openid profile email unless set"),
        ("Oidc:GroupsClaim", false, false, "Name of the claim with groups"),
        ("Oidc:RolesClaim", false, false, "Name of the claim with roles"),
        ("Oidc:DisplayName", false, false, "What the button calls the identity provider"),
        ("Oidc:TrustEmail", false, false, "true where every address is its person's own for certain"),
        ("Oidc:UserInfo", false, false, "false reads the ID token alone"),
        ("TrustedProxies", false, false, "Proxies before the portal whose X-Forwarded-For counts, with commas between"),
    ];

    /// <summary>Whether the portal is to serve scripts alone.</summary>
    public static bool IsApiOnly(Func<string, string?> configuration) => string.Equals(configuration(ApiOnlyKey)?.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What becomes a parameter.</summary>
    /// <param name="configuration">The host's configuration by key.</param>
    /// <param name="isRun">False = the host publishes.</param>
    public static IReadOnlyList<SignInSetting> Of(Func<string, string?> configuration, bool isRun)
    {
        var apiOnly = IsApiOnly(configuration);
        List<SignInSetting> settings = [];
        foreach (var (path, isSecret, isNeeded, description) in s_all)
        {
            // Passed on, it would contradict the setting that there are no pages.
            if (apiOnly && path.StartsWith("Oidc:", StringComparison.Ordinal)) continue;
            var name = "portal-" + Dashed(path);
            var key = Array.Find([$"Parameters:{name}", $"Parameters:{name.Replace('-', '_')}", $"Portal:{path}"], k => !string.IsNullOrWhiteSpace(configuration(k)));
            if (key is null && (isRun || apiOnly || !isNeeded)) continue;
            settings.Add(new($"Portal__{path.Replace(":", "__", StringComparison.Ordinal)}", name, key, isSecret, description));
        }
        return settings;
    }

    // Oidc:ClientId as oidc-client-id.
    private static string Dashed(string path)
    {
        var dashed = new System.Text.StringBuilder(path.Length + 4);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == ':') dashed.Append('-');
            else if (i > 0 && path[i - 1] != ':' && char.IsAsciiLetterUpper(path[i])) dashed.Append('-').Append(char.ToLowerInvariant(path[i]));
            else dashed.Append(char.ToLowerInvariant(path[i]));
        }
        return dashed.ToString();
    }
}
