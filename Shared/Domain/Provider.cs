namespace AspireGateway.Shared.Domain;

/// <summary>A place where models run: a vendor's API or a server of one's own.</summary>
public sealed class Provider
{
    /// <summary>Default time to open a connection, in milliseconds.</summary>
    public const int DefaultConnectTimeoutMs = 5_000;

    /// <summary>Default time until the first byte of the reply, in milliseconds. A plain completion sends nothing before it is whole.</summary>
    public const int DefaultFirstByteTimeoutMs = 300_000;

    /// <summary>Default time between two reads of a reply, in milliseconds.</summary>
    public const int DefaultIdleTimeoutMs = 60_000;

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The first part of <c>provider/model</c>; unique in the organisation.</summary>
    public required string Slug { get; set; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; set; }

    /// <summary>Wire protocol; the name of a module in the gateway's Providers folder, e.g. <c>openai</c>.</summary>
    public required string Protocol { get; set; }

    /// <summary>Address up to and without the operation, e.g. <c>https://api.openai.com/v1</c>.</summary>
    public required string BaseUrl { get; set; }

    /// <summary>True when the address may be in a private range. Link-local and metadata addresses stay forbidden.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>Time to open a connection, in milliseconds.</summary>
    public int ConnectTimeoutMs { get; set; } = DefaultConnectTimeoutMs;

    /// <summary>Time from the request sent to the first byte of the reply, in milliseconds.</summary>
    public int FirstByteTimeoutMs { get; set; } = DefaultFirstByteTimeoutMs;

    /// <summary>Longest silence inside a reply, in milliseconds.</summary>
    public int IdleTimeoutMs { get; set; } = DefaultIdleTimeoutMs;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
