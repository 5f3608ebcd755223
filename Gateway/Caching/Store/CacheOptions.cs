namespace AspireGateway.Gateway.Caching.Store;

/// <summary>What this installation gives the cache; section <c>Gateway:Cache</c>.</summary>
internal sealed class CacheOptions
{
    /// <summary>Most that entries of all organisations take in Redis, in megabytes, 1 to 1,048,576. Each organisation that keeps replies has an equal part.</summary>
    public int QuotaMegabytes { get; set; } = 256;

    /// <summary>Most that replies take in this gateway's own memory, in megabytes, 0 to 65,536; 0 = they are not kept there.</summary>
    public int MemoryMegabytes { get; set; } = 64;

    /// <summary>How long a reply is given from memory without a look at Redis, in milliseconds, 100 to 60,000.</summary>
    public int MemoryMs { get; set; } = 5_000;

    /// <summary>How long a request waits for Redis, in milliseconds, 5 to 5,000.</summary>
    public int TimeoutMs { get; set; } = 50;

    /// <summary>Most that the index of similar questions takes in this gateway's memory, in megabytes, 1 to 65,536.</summary>
    public int SemanticMegabytes { get; set; } = 64;

    /// <summary>How long a request waits for an embeddings model, in milliseconds, 10 to 30,000; longer means that no similar question is looked for.</summary>
    public int EmbedderMs { get; set; } = 500;

    /// <summary>What is out of range; null = nothing.</summary>
    public string? Fault() =>
        QuotaMegabytes is < 1 or > 1_048_576 ? nameof(QuotaMegabytes)
        : MemoryMegabytes is < 0 or > 65_536 ? nameof(MemoryMegabytes)
        : MemoryMs is < 100 or > 60_000 ? nameof(MemoryMs)
        : SemanticMegabytes is < 1 or > 65_536 ? nameof(SemanticMegabytes)
        : EmbedderMs is < 10 or > 30_000 ? nameof(EmbedderMs)
        : TimeoutMs is < 5 or > 5_000 ? nameof(TimeoutMs) : null;
}
