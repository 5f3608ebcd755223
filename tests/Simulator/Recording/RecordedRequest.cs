namespace AspireGateway.Simulator.Recording;

/// <summary>What the simulator saw of one request, and how its reply ended. Read it at any time; it grows until <see cref="Finished"/>.</summary>
public sealed class RecordedRequest
{
    private byte[]? body;
    private volatile bool finished;

    /// <summary>Number in order of arrival, from 1.</summary>
    public long Id { get; internal set; }

    /// <summary>When its headers had been read.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>All headers; a credential shows as <c>sha256:</c> and the first 16 hex digits of its hash.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The credential's hash in the same form, or null without one.</summary>
    public string? Key { get; internal set; }

    /// <summary>The model named, or an empty string.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>True when a stream was asked for.</summary>
    public bool Stream { get; internal set; }

    /// <summary>Bytes of the body.</summary>
    public int BodyLength { get; internal set; }

    /// <summary>SHA-256 of the body, lower-case hex.</summary>
    public string BodyHash { get; internal set; } = "";

    /// <summary>The body as it came, or null when its memory was needed for later ones.</summary>
    public byte[]? Body
    {
        get => Volatile.Read(ref body);
        internal set => Volatile.Write(ref body, value);
    }

    /// <summary>Status answered; 0 while none was sent.</summary>
    public int Status { get; internal set; }

    /// <summary>Chunks with output that were sent.</summary>
    public int ChunksSent { get; internal set; }

    /// <summary>True when the caller left before the reply was complete.</summary>
    public bool Aborted { get; internal set; }

    /// <summary>From arrival to the end, in milliseconds.</summary>
    public double DurationMs { get; internal set; }

    /// <summary>True once nothing more will happen.</summary>
    public bool Finished
    {
        get => finished;
        internal set => finished = value;
    }
}
