namespace AspireGateway.Portal.Components.Frame;

/// <summary>Light, dark, or as the system says. Remembered in a cookie, so that the first byte of the page already has the right colours.</summary>
public static class PageTheme
{
    /// <summary>The cookie; readable by the script that toggles it. Holds <see cref="Light"/> or <see cref="Dark"/>.</summary>
    public const string Cookie = "agw-theme";

    /// <summary>Always light.</summary>
    public const string Light = "light";

    /// <summary>Always dark.</summary>
    public const string Dark = "dark";

    /// <summary>What the cookie asks for; null = as the system says, also for a value that is none of ours.</summary>
    public static string? Of(string? cookie) => cookie is Light or Dark ? cookie : null;
}
