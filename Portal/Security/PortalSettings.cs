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

    /// <summary>Shortest token that is accepted, in characters.</summary>
    public const int MinTokenLength = 20;

    /// <summary>Reads the section.</summary>
    public static PortalSettings Read(IConfiguration configuration) => new()
    {
        AdminToken = NullIfBlank(configuration["Portal:AdminToken"]),
        OneTimeToken = NullIfBlank(configuration["Portal:OneTimeToken"]),
        ApiOnly = bool.TryParse(configuration["Portal:ApiOnly"], out var only) && only,
    };

    // Records print their members; these two must not reach a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("ApiOnly = ").Append(ApiOnly);
        return true;
    }

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
