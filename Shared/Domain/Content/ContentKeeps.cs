namespace AspireGateway.Shared.Domain.Content;

/// <summary>Which texts are kept.</summary>
public static class ContentKeeps
{
    /// <summary>None.</summary>
    public const string Off = "off";

    /// <summary>What callers ask.</summary>
    public const string Prompts = "prompts";

    /// <summary>What they are answered.</summary>
    public const string Replies = "replies";

    /// <summary>Both.</summary>
    public const string Both = "both";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Off, Prompts, Replies, Both];
}
