using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Providers;

/// <summary>A provider as lists, commands and the audit show it.</summary>
public record ProviderDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The first part of <c>provider/model</c>; never changes.</summary>
    public required string Slug { get; init; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; init; }

    /// <summary>Wire protocol; one of <see cref="Protocols"/>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Address up to and without the operation.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Whether the address may be plain http or in a private range.</summary>
    public required bool IsPrivate { get; init; }

    /// <summary>Time to open a connection, in milliseconds.</summary>
    public required int ConnectTimeoutMs { get; init; }

    /// <summary>Time to the first byte of a reply, in milliseconds.</summary>
    public required int FirstByteTimeoutMs { get; init; }

    /// <summary>Longest silence inside a reply, in milliseconds.</summary>
    public required int IdleTimeoutMs { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static ProviderDetails Of(Provider p) => new()
    {
        Id = p.Id, Slug = p.Slug, Name = p.Name, Protocol = p.Protocol, BaseUrl = p.BaseUrl, IsPrivate = p.IsPrivate,
        ConnectTimeoutMs = p.ConnectTimeoutMs, FirstByteTimeoutMs = p.FirstByteTimeoutMs, IdleTimeoutMs = p.IdleTimeoutMs, CreatedAt = p.CreatedAt,
    };
}

/// <summary>A provider in the list.</summary>
public sealed record ProviderRow : ProviderDetails
{
    /// <summary>Its credentials.</summary>
    public required int Credentials { get; init; }

    /// <summary>Its deployments.</summary>
    public required int Deployments { get; init; }
}
