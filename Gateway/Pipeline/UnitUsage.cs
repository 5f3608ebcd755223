using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Pipeline;

/// <summary>What a request used besides the token classes, and the named parts of those that have a price of their own. The default is nothing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnitUsage
{
    /// <summary>Images made.</summary>
    public long Images { get; init; }

    /// <summary>Their size as the price names it, e.g. <c>1024x1024</c>; null = unknown.</summary>
    public string? ImageSize { get; init; }

    /// <summary>Their quality as the price names it, e.g. <c>hd</c>; null = unknown.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>Audio heard or spoken, in milliseconds.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Characters of text spoken.</summary>
    public long Characters { get; init; }

    /// <summary>Searches: rerank requests, or web searches that the provider ran.</summary>
    public long Searches { get; init; }

    /// <summary>The part of <see cref="TokenUsage.Input"/> that is audio.</summary>
    public long AudioInputTokens { get; init; }

    /// <summary>The part of <see cref="TokenUsage.Output"/> that is audio.</summary>
    public long AudioOutputTokens { get; init; }

    /// <summary>The part of <see cref="TokenUsage.CacheWrite"/> that was written for an hour.</summary>
    public long CacheWrite1hTokens { get; init; }

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty =>
        (Images | Milliseconds | Characters | Searches | AudioInputTokens | AudioOutputTokens | CacheWrite1hTokens) == 0;
}
