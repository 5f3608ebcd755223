using System.Buffers.Binary;
using System.Threading.Channels;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>
/// Takes the records of finished requests on their way to a line in the log. Nobody waits for it: where the disk does not keep up, lines are dropped and counted; the books are in the journal.
/// </summary>
internal sealed class RequestLog
{
    /// <summary>Most records that wait for the disk.</summary>
    public const int Capacity = 10_000;

    private readonly Channel<UsageRecord>? queue;
    private readonly ulong successesBelow;
    private readonly GatewayMetrics metrics;

    /// <summary>As the options say.</summary>
    public RequestLog(IOptions<RequestLogOptions> options, GatewayMetrics metrics)
    {
        this.metrics = metrics;
        if (!options.Value.IsOn) return;
        successesBelow = options.Value.SuccessShare >= 1 ? ulong.MaxValue : (ulong)(options.Value.SuccessShare * ulong.MaxValue);
        queue = Channel.CreateBounded<UsageRecord>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Where the writer takes them from; null = no log is written.</summary>
    public ChannelReader<UsageRecord>? Records => queue?.Reader;

    /// <summary>Hands a record on. It is not changed any more.</summary>
    public void Note(UsageRecord record)
    {
        if (queue is null || (record.Status == UsageStatuses.Ok && !IsChosen(record.Id))) return;
        if (!queue.Writer.TryWrite(record)) metrics.LogLinesDropped.Add(1);
    }

    /// <summary>Whether nothing comes any more.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Nothing comes any more.</summary>
    public void Complete()
    {
        IsComplete = true;
        queue?.Writer.TryComplete();
    }

    // The same request is chosen or not on every gateway: the end of its id is random.
    private bool IsChosen(Guid id)
    {
        if (successesBelow == ulong.MaxValue) return true;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        // The first two bits of the last eight bytes are the variant.
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) << 2 < successesBelow;
    }
}
