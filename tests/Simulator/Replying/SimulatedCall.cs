using System.Buffers;
using AspireGateway.Simulator.Recording;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Replying;

/// <summary>One request on its way through the simulator: what it is, what is scripted for it, and how to wait and to break off.</summary>
internal sealed class SimulatedCall(
    HttpContext http, IProtocol protocol, RecordedRequest record, RequestLog log, string requestId, SimulatorOptions options, TimeProvider clock, CancellationToken left)
{
    private const int CutGraceMs = 50;

    public HttpContext Http => http;
    public IProtocol Protocol => protocol;
    public RecordedRequest Record => record;
    public string RequestId => requestId;
    public Directives Directives { get; set; } = Directives.None;

    /// <summary>Cancelled when the caller leaves or the simulator stops.</summary>
    public CancellationToken Left => left;

    /// <summary>True once the simulator itself broke the connection.</summary>
    public bool WasCut { get; private set; }

    public int FirstTokenMs => Directives.FirstTokenMs ?? Directives.LatencyMs ?? options.FirstTokenMs;
    public int ChunkMs => Directives.ChunkMs ?? options.ChunkMs;

    public Task DelayAsync(long milliseconds) =>
        milliseconds <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(milliseconds), clock, left);

    /// <summary>Counts a chunk that is out, and wakes those who wait for it: the stream may stall now for as long as they wait.</summary>
    public void CountChunk()
    {
        record.ChunksSent++;
        log.Changed();
    }

    /// <summary>Waits until the caller leaves or the simulator stops.</summary>
    public Task StallAsync() => Task.Delay(Timeout.InfiniteTimeSpan, clock, left);

    /// <summary>Breaks the connection without an orderly end.</summary>
    public async Task CutAsync()
    {
        // A reset discards what is still under way; the grace lets the caller read what was sent before.
        if (http.Response.HasStarted) await DelayAsync(CutGraceMs);
        WasCut = true;
        http.Abort();
    }

    /// <summary>Sets status and headers, with those that are scripted; sends the headers now when they are scripted to be slow.</summary>
    public async Task BeginAsync(int status, string? contentType, Refusal? refusal = null)
    {
        await DelayAsync(Directives.SlowHeadersMs ?? 0);
        var response = http.Response;
        response.StatusCode = status;
        record.Status = status;
        if ((Directives.ContentType ?? contentType) is { } type) response.ContentType = type;
        protocol.AddHeaders(response.Headers, requestId, refusal);
        if (Directives.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        // A scripted header takes the place of the protocol's own; several of the same name stand side by side.
        foreach (var name in Directives.Headers.Select(h => h.Key).Distinct(StringComparer.OrdinalIgnoreCase)) response.Headers.Remove(name);
        foreach (var (name, value) in Directives.Headers) response.Headers.Append(name, value);
        if (Directives.SlowHeadersMs is not null || Directives.StallAfterHeaders) await FlushHeadersAsync();
        if (Directives.StallAfterHeaders) await StallAsync();
    }

    /// <summary>Sends bytes as one piece, or in the scripted piece size.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var piece = Directives.ChunkedSplit ?? bytes.Length;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(piece, bytes.Length)..])
        {
            await http.Response.BodyWriter.WriteAsync(bytes[..Math.Min(piece, bytes.Length)], left);
            // Kestrel swallows writes to a connection that is gone; without this the reply would run on unnoticed.
            left.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Answers an error in the protocol's shape.</summary>
    public async Task RefuseAsync(Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(256);
        protocol.WriteError(body, refusal with { RequestId = requestId });
        await BeginAsync(refusal.Status, "application/json", refusal);
        await WriteAsync(body.WrittenMemory);
    }

    /// <summary>Sends status and headers by themselves.</summary>
    public async Task FlushHeadersAsync()
    {
        await http.Response.StartAsync(left);
        await http.Response.BodyWriter.FlushAsync(left);
    }
}
