using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Contracts;

/// <summary>What is kept of a quarantined request, encrypted: its body and what it takes to understand it. No headers: they hold secrets.</summary>
public sealed record QuarantinedPayload
{
    /// <summary>Path and query that were asked.</summary>
    public required string Path { get; init; }

    /// <summary>The body's media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body as text; null = it is none.</summary>
    public string? Body { get; init; }

    /// <summary>The body in base64, where it is no text.</summary>
    public byte[]? Bytes { get; init; }
}

/// <summary>JSON of what is kept of quarantined requests.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuarantinedPayload))]
public sealed partial class QuarantineJson : JsonSerializerContext;
