using System.Buffers.Binary;
using System.Security.Cryptography;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Gateway.Caching.Tallies;

/// <summary>
/// Writes what was counted to Redis every five seconds, beside the requests. Replies go by a hash under a key of the gateways, cut to 16 hexadecimal digits: whoever reads the figures cannot
/// test a guess of a question. What cannot be written is lost; nobody waits for it.
/// </summary>
/// <param name="tally">What was counted.</param>
/// <param name="store">Where it goes.</param>
/// <param name="key">The key of the hashes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class TallyKeeper(CacheTally tally, CacheStore store, byte[] key, TimeProvider time, ILogger<TallyKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Writes what was counted so far.</summary>
    public async Task WriteAsync()
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        foreach (var (organisation, batch) in tally.Take())
        {
            // The largest first, should some be too many for one call.
            var entries = batch.Entries.OrderByDescending(entry => entry.Value.NanoUsd).Take(CacheTallies.MostEntries)
                .Select(entry => (CacheTallies.Entry(HashOf(entry.Key.Entry), entry.Key.Route, entry.Key.Model), entry.Value.NanoUsd, entry.Value.Hits)).ToList();
            await store.TallyAsync(new(organisation, day), entries, batch.Closest);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await WriteAsync();
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.CannotWrite(logger, fault.GetType().Name);
            }
        }
    }

    private string HashOf(in CacheDigest entry)
    {
        Span<byte> digest = stackalloc byte[CacheDigest.Bytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        entry.CopyTo(digest);
        HMACSHA256.HashData(key, digest, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Figures of the cache could not be written ({Fault}); it goes on")]
        public static partial void CannotWrite(ILogger logger, string fault);
    }
}
