using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain;

/// <summary>What a request used besides the token classes, as its record keeps it (column <c>units</c>); what was not used is null.</summary>
public sealed record RecordedUnits
{
    /// <summary>Images made.</summary>
    public long? Images { get; init; }

    /// <summary>Their size, e.g. <c>1024x1024</c>.</summary>
    public string? ImageSize { get; init; }

    /// <summary>Their quality.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>Audio heard or spoken, in milliseconds.</summary>
    public long? AudioMs { get; init; }

    /// <summary>Characters of text spoken.</summary>
    public long? Characters { get; init; }

    /// <summary>Searches.</summary>
    public long? Searches { get; init; }

    /// <summary>The part of the input tokens that was audio.</summary>
    public long? AudioInputTokens { get; init; }

    /// <summary>The part of the output tokens that was audio.</summary>
    public long? AudioOutputTokens { get; init; }

    /// <summary>The part of the cache-write tokens that was written for an hour.</summary>
    [JsonPropertyName("cache_write_1h_tokens")]
    public long? CacheWrite1hTokens { get; init; }
}
