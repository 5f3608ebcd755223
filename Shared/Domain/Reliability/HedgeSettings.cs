using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Reliability;

/// <summary>
/// Hedging of a latency-critical model: a second deployment is asked when the first has not begun to answer within its usual time (p95), and whoever answers first
/// serves. What is null is as usual.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HedgeSettings
{
    /// <summary>Usual <see cref="Floor"/>, in milliseconds.</summary>
    public const int DefaultFloorMs = 100;

    /// <summary>Usual <see cref="Ceiling"/>, in milliseconds.</summary>
    public const int DefaultCeilingMs = 5_000;

    /// <summary>Usual <see cref="Percent"/>.</summary>
    public const int DefaultPercent = 10;

    /// <summary>The second is asked no sooner than after so many milliseconds, 1 to 600,000.</summary>
    public int? AfterAtLeastMs { get; init; }

    /// <summary>The second is asked no later than after so many milliseconds, and after just so many as long as the first's usual time is unknown; 1 to 600,000.</summary>
    public int? AfterAtMostMs { get; init; }

    /// <summary>Most hedges in 100 requests of the model, 1 to 50.</summary>
    public int? MostPercent { get; init; }

    /// <summary>The lower bound that holds.</summary>
    [JsonIgnore]
    public int Floor => AfterAtLeastMs ?? Math.Min(DefaultFloorMs, AfterAtMostMs ?? DefaultFloorMs);

    /// <summary>The upper bound that holds.</summary>
    [JsonIgnore]
    public int Ceiling => AfterAtMostMs ?? Math.Max(DefaultCeilingMs, AfterAtLeastMs ?? DefaultCeilingMs);

    /// <summary>The share that holds, in percent.</summary>
    [JsonIgnore]
    public int Percent => MostPercent ?? DefaultPercent;
}
