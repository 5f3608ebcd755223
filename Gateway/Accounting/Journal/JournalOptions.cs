using Microsoft.Extensions.Configuration;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Where the journal lives and how much it may take; section <c>Gateway:Journal</c>.</summary>
internal sealed class JournalOptions
{
    /// <summary>Smallest segment: two guaranteed closings and a header fit with room to spare.</summary>
    public const int MinSegmentBytes = 16 * 1024;

    /// <summary>The journal's own folder; one process per folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Size of a segment file, in bytes; 16 KB to 1 GB, a multiple of 4,096.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most that all segments together may take on disk, in bytes. Beyond it new requests are refused, running ones are still recorded.</summary>
    public long MaxBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>How often what was written is forced to disk: a power cut loses at most this much. A killed process loses nothing.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often closed records are copied to Postgres when there are few; under load the next batch starts when the last one ended.</summary>
    public TimeSpan ShipInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Most bytes of journal in one transaction; bounds the shipper's memory.</summary>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a graceful stop tries to ship what is left.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one transaction may take before it counts as failed.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Records waiting for Postgres from which on the health check says degraded.</summary>
    public long DegradedDepth { get; init; } = 100_000;

    /// <summary>Reads the options; the folder is <c>journal</c> below <c>Gateway:DataPath</c>.</summary>
    /// <exception cref="InvalidOperationException">A value is out of its range; the message names the setting.</exception>
    public static JournalOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Gateway:Journal");
        var folder = Path.GetFullPath(Path.Combine(configuration["Gateway:DataPath"] ?? "data", "journal"));
        var options = new JournalOptions
        {
            Folder = folder,
            SegmentBytes = (int)Number(section, "SegmentBytes", 16 * 1024 * 1024, MinSegmentBytes, 1024 * 1024 * 1024),
            MaxBytes = Number(section, "MaxBytes", 4L * 1024 * 1024 * 1024, 3 * MinSegmentBytes, long.MaxValue),
            FlushInterval = TimeSpan.FromMilliseconds(Number(section, "FlushIntervalMs", 100, 1, 60_000)),
            ShipInterval = TimeSpan.FromMilliseconds(Number(section, "ShipIntervalMs", 200, 1, 60_000)),
            BatchBytes = (int)Number(section, "BatchBytes", 1024 * 1024, 256 * 1024, 64 * 1024 * 1024),
            DrainTimeout = TimeSpan.FromMilliseconds(Number(section, "DrainTimeoutMs", 5_000, 0, 600_000)),
            StoreTimeout = TimeSpan.FromMilliseconds(Number(section, "StoreTimeoutMs", 30_000, 100, 600_000)),
            DegradedDepth = Number(section, "DegradedDepth", 100_000, 1, long.MaxValue),
        };
        if (options.SegmentBytes % 4096 != 0) throw new InvalidOperationException("Gateway:Journal:SegmentBytes must be a multiple of 4096.");
        if (options.MaxBytes < 3L * options.SegmentBytes)
            throw new InvalidOperationException("Gateway:Journal:MaxBytes must be at least three times Gateway:Journal:SegmentBytes.");
        return options;
    }

    private static long Number(IConfigurationSection section, string name, long fallback, long min, long max)
    {
        var text = section[name];
        if (string.IsNullOrWhiteSpace(text)) return fallback;
        if (long.TryParse(text, out var value) && value >= min && value <= max) return value;
        throw new InvalidOperationException($"{section.Path}:{name} must be a whole number from {min} to {max}.");
    }
}
