using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>What the journal must know before the first byte goes out, enough to make a record of a request that this process never finishes.</summary>
internal readonly struct JournalOpening
{
    /// <summary>Record id, UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the request arrived: microseconds since the Unix epoch.</summary>
    public required long AtUs { get; init; }

    /// <summary>The request's id.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who pays.</summary>
    public required Guid OrganisationId { get; init; }

    /// <summary>The key's team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The key.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>The end user.</summary>
    public string? UserId { get; init; }

    /// <summary>The feature.</summary>
    public string? Feature { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The operation.</summary>
    public required string Route { get; init; }

    /// <summary>The resolved model.</summary>
    public string? Model { get; init; }

    /// <summary>The first candidate's provider.</summary>
    public string? Provider { get; init; }

    /// <summary>The first candidate.</summary>
    public string? Deployment { get; init; }

    /// <summary>The first candidate's price.</summary>
    public Guid? PriceVersionId { get; init; }

    /// <summary>Tags as a JSON object.</summary>
    public string? Tags { get; init; }

    /// <summary>Whether a stream was asked for.</summary>
    public bool Streamed { get; init; }

    /// <summary>Estimated input tokens.</summary>
    public long EstimatedInputTokens { get; init; }

    /// <summary>Estimated output tokens.</summary>
    public long EstimatedOutputTokens { get; init; }

    /// <summary>Cost of the estimate, in nano-USD; what an orphan is booked with.</summary>
    public long EstimatedCostNanoUsd { get; init; }
}

/// <summary>How a request ended: its usage record and its journey, as JSON in UTF-8 (see <see cref="Shared.Contracts.JourneyDocument"/>).</summary>
/// <param name="Record">The record; its id is that of the opening, if there was one.</param>
/// <param name="Journey">The journey document; empty = none is kept.</param>
internal readonly record struct JournalClosing(UsageRecord Record, ReadOnlyMemory<byte> Journey);
