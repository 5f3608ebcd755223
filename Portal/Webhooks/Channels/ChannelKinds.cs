namespace AspireGateway.Portal.Webhooks.Channels;

/// <summary>In which shape something is told.</summary>
public static class ChannelKinds
{
    /// <summary>The event as JSON, signed.</summary>
    public const string Generic = "generic";

    /// <summary>A message of Slack's incoming webhooks. The address is the secret.</summary>
    public const string Slack = "slack";

    /// <summary>An adaptive card for a workflow of Microsoft Teams. The address is the secret.</summary>
    public const string Teams = "teams";

    /// <summary>A mail by the installation's SMTP server.</summary>
    public const string Email = "email";

    /// <summary>Every kind.</summary>
    public static readonly IReadOnlyList<string> All = [Generic, Slack, Teams, Email];

    /// <summary>Whether its address lets anybody write there, so that it is kept sealed and never shown.</summary>
    public static bool IsSecret(string kind) => kind is Slack or Teams;

    /// <summary>What is shown of a secret address: its host.</summary>
    public static string Masked(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? $"{uri.Scheme}://{uri.Authority}/…" : "…";
}
