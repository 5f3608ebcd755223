namespace AspireGateway.Portal.Providers;

/// <summary>A provider's values; missing timeouts take their defaults.</summary>
public sealed record ProviderRequest
{
    /// <summary>The first part of <c>provider/model</c>: lower case letters, digits, hyphens; unique; set once. Missing = made from the name.</summary>
    public string? Slug { get; init; }

    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Wire protocol; missing = <c>openai</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>Absolute https address up to and without the operation, e.g. <c>https://api.openai.com/v1</c>; http or a private address only with <c>is_private</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Whether the address may be plain http or in a private range.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Time to open a connection, 100 to 60,000 ms.</summary>
    public int? ConnectTimeoutMs { get; init; }

    /// <summary>Time to the first byte of a reply, 1,000 to 3,600,000 ms.</summary>
    public int? FirstByteTimeoutMs { get; init; }

    /// <summary>Longest silence inside a reply, 1,000 to 3,600,000 ms.</summary>
    public int? IdleTimeoutMs { get; init; }
}
