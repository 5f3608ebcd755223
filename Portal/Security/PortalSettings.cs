namespace AspireGateway.Portal.Security;

/// <summary>How people and scripts come in; section <c>Portal</c> of the configuration.</summary>
public sealed record PortalSettings
{
    /// <summary>Bearer token of the REST API with the operator's role, at least <see cref="MinTokenLength"/> characters; null = the API lets nobody in.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Token of the one-time sign-in link, at least <see cref="MinTokenLength"/> characters; null = there is no link. Never in Production.</summary>
    public string? OneTimeToken { get; init; }

    /// <summary>True serves <c>/api</c> and health alone: no page, no sign-in.</summary>
    public bool ApiOnly { get; init; }

    /// <summary>The address at which people open the portal, without a path; null = whatever a request says. With https, cookies are for TLS only and browsers are told to stay with it.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Whether the portal is reached by TLS, by itself or through a proxy.</summary>
    public bool IsSecure => PublicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed: addresses or networks such as 10.0.0.0/8; empty = none.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Shortest token that is accepted, in characters.</summary>
    public const int MinTokenLength = 20;

    /// <summary>Reads the section.</summary>
    public static PortalSettings Read(IConfiguration configuration) => new()
    {
        AdminToken = NullIfBlank(configuration["Portal:AdminToken"]),
        OneTimeToken = NullIfBlank(configuration["Portal:OneTimeToken"]),
        ApiOnly = bool.TryParse(configuration["Portal:ApiOnly"], out var only) && only,
        PublicUrl = Uri.TryCreate(configuration["Portal:PublicUrl"], UriKind.Absolute, out var url) ? url : null,
        TrustedProxies = configuration["Portal:TrustedProxies"]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
    };

    // Records print their members; these two must not reach a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("ApiOnly = ").Append(ApiOnly);
        return true;
    }

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
