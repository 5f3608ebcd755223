using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Content;

/// <summary>What became of texts that policies want kept.</summary>
internal sealed class ContentMetrics
{
    /// <summary>Rows that are in Postgres.</summary>
    public Counter Kept { get; } = new();

    /// <summary>Lost, because too many bytes were held.</summary>
    public Counter Full { get; } = new();

    /// <summary>Lost when the process stopped while Postgres was away, or because Postgres or a key refused the row.</summary>
    public Counter Failed { get; } = new();

    /// <summary>Given up on purpose: their subject was erased meanwhile.</summary>
    public Counter Erased { get; } = new();

    /// <summary>Requests that were refused, because a policy requires what could not be kept.</summary>
    public Counter Refused { get; } = new();
}
