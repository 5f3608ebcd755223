namespace AspireGateway.Gateway.Caching.Entries;

/// <summary>A kept reply. Its body is whole and in the dialect of those who may get it, as the provider gave it: before anything that was masked is put back.</summary>
internal sealed record CachedReply
{
    /// <summary>What an entry takes besides its body, about, in bytes.</summary>
    public const int Overhead = 300;

    /// <summary>When it was made, in milliseconds since 1970.</summary>
    public required long CreatedAtMs { get; init; }

    /// <summary>How long it is fresh, in seconds.</summary>
    public required int TtlSeconds { get; init; }

    /// <summary>How long its maker waited for it, in microseconds.</summary>
    public required long LatencyUs { get; init; }

    /// <summary>What it cost, in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>The deployment that made it.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Its name then.</summary>
    public required string Deployment { get; init; }

    /// <summary>Slug of its provider then.</summary>
    public required string Provider { get; init; }

    /// <summary>What the provider called its model; null = it did not say.</summary>
    public string? ServedModel { get; init; }

    /// <summary>The reply, one JSON object.</summary>
    public required byte[] Body { get; init; }

    /// <summary>What it takes in memory, about, in bytes.</summary>
    public int Bytes => Body.Length + Overhead;

    /// <summary>Its age at a moment, in whole seconds, at least 0: clocks of gateways differ.</summary>
    public long AgeSeconds(DateTimeOffset now) => Math.Max(0, (now.ToUnixTimeMilliseconds() - CreatedAtMs) / 1_000);

    /// <summary>Whether it is fresh for somebody who takes nothing older than so many seconds.</summary>
    public bool IsFresh(DateTimeOffset now, int ttlSeconds) => AgeSeconds(now) < Math.Min(ttlSeconds, TtlSeconds);

    /// <summary>Whether it may stand in when nobody is left to ask, so many seconds after its time.</summary>
    public bool MayStandIn(DateTimeOffset now, int serveStaleSeconds) => serveStaleSeconds > 0 && AgeSeconds(now) < (long)TtlSeconds + serveStaleSeconds;
}
