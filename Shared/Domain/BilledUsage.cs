using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Domain;

/// <summary>Everything of a request that a price can say something about: what its record keeps. The default is nothing; negative counts as none.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BilledUsage
{
    /// <summary>Input tokens outside every cache.</summary>
    public long Input { get; init; }

    /// <summary>Input tokens read from the provider's cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Input tokens written to the provider's cache.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long Output { get; init; }

    /// <summary>The part of <see cref="Input"/> that is audio.</summary>
    public long AudioInput { get; init; }

    /// <summary>The part of <see cref="Output"/> that is audio.</summary>
    public long AudioOutput { get; init; }

    /// <summary>The part of <see cref="CacheWrite"/> that was written for an hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Images made.</summary>
    public long Images { get; init; }

    /// <summary>Their size as the price names it; null = unknown.</summary>
    public string? ImageSize { get; init; }

    /// <summary>Their quality as the price names it; null = unknown.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>Audio heard or spoken, in milliseconds.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Characters of text spoken.</summary>
    public long Characters { get; init; }

    /// <summary>Searches.</summary>
    public long Searches { get; init; }

    /// <summary>The tier that served; null, unknown or not priced apart = the standard prices.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Of what a record keeps.</summary>
    /// <param name="input">Input tokens outside every cache.</param>
    /// <param name="cacheRead">Those read from a cache.</param>
    /// <param name="cacheWrite">Those written to a cache.</param>
    /// <param name="output">Output tokens.</param>
    /// <param name="units">What else was used; null = nothing.</param>
    /// <param name="serviceTier">The tier that served.</param>
    public static BilledUsage Of(long input, long cacheRead, long cacheWrite, long output, RecordedUnits? units, string? serviceTier) => new()
    {
        Input = input, CacheRead = cacheRead, CacheWrite = cacheWrite, Output = output, ServiceTier = serviceTier, AudioInput = units?.AudioInputTokens ?? 0, AudioOutput = units?.AudioOutputTokens ?? 0,
        CacheWrite1h = units?.CacheWrite1hTokens ?? 0, Images = units?.Images ?? 0, ImageSize = units?.ImageSize, ImageQuality = units?.ImageQuality, Milliseconds = units?.AudioMs ?? 0,
        Characters = units?.Characters ?? 0, Searches = units?.Searches ?? 0,
    };
}
