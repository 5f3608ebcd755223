using System.Threading.Channels;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Caching.Store;

/// <summary>
/// What the cache needs beside the requests: writes new entries, and four times a second asks whether anything was purged. Nobody waits for it; entries that wait are
/// bounded by number and bytes, and what does not fit is not kept.
/// </summary>
internal sealed partial class CacheKeeper(
    CacheStore store, NearCache near, CacheMetrics metrics, SnapshotHolder configuration, IOptions<CacheOptions> options, TimeProvider time, ILogger<CacheKeeper> logger) : BackgroundService
{
    private const int MostWaiting = 2_048;
    private const long MostWaitingBytes = 64 * 1024 * 1024, Megabyte = 1024 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly Channel<PendingEntry> waiting = Channel.CreateBounded<PendingEntry>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private ConfigurationSnapshot? counted;
    private int keeping = 1;
    private long waitingBytes;
    private long? purges;

    /// <summary>Whether entries are kept anywhere but in this process.</summary>
    public bool IsShared => store.IsShared;

    /// <summary>Has an entry written.</summary>
    public void Keep(PendingEntry entry)
    {
        if (!store.IsShared) return;
        if (Interlocked.Add(ref waitingBytes, entry.Bytes) <= MostWaitingBytes && waiting.Writer.TryWrite(entry)) return;
        Interlocked.Add(ref waitingBytes, -entry.Bytes);
        metrics.Fault("queue_full");
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WriteAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        await foreach (var entry in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            Interlocked.Add(ref waitingBytes, -entry.Bytes);
            try
            {
                await store.KeepAsync(entry, options.Value.QuotaMegabytes * Megabyte / Volatile.Read(ref keeping));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // One entry less; the next one must not suffer for it.
                Log.CannotKeep(logger, fault.GetType().Name);
            }
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.CannotKeep(logger, fault.GetType().Name);
            }
            await Task.Delay(Tick, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask LookAsync()
    {
        if (configuration.Current is { } snapshot && !ReferenceEquals(snapshot, counted))
        {
            counted = snapshot;
            var organisations = snapshot.Organisations.Values.Count(organisation => !organisation.Caching.IsEmpty);
            Volatile.Write(ref keeping, Math.Max(1, organisations));
            // Who keeps nothing opens no connection.
            if (organisations > 0) store.Start();
        }
        if (await store.PurgesAsync() is not { } now || now == purges) return;
        if (purges is not null) near.Clear();
        purges = now;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The cache could not do its work beside the requests ({Fault}); it goes on")]
        public static partial void CannotKeep(ILogger logger, string fault);
    }
}
