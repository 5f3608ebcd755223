using System.Buffers.Text;
using System.Text;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Caching.Store;

/// <summary>
/// The entries in Redis (logical store <c>cache-data</c>), over a connection of its own so that a long entry keeps no reservation waiting. Whatever is the matter with
/// Redis or an entry is a miss and one count, never an error. Without Redis nothing is shared between gateways.
/// </summary>
/// <param name="redis">The server; null = there is none.</param>
/// <param name="codec">Seals and opens entries.</param>
/// <param name="metrics">Counts what goes wrong.</param>
internal sealed class CacheStore(RedisClient? redis, EntryCodec codec, CacheMetrics metrics) : IAsyncDisposable
{
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(1);

    private int isStarted;

    /// <summary>Whether there is a Redis at all.</summary>
    public bool IsShared => redis is not null;

    /// <summary>Whether it can be asked.</summary>
    public bool IsUp => redis is { Status.IsUp: true };

    /// <summary>Begins to connect, once.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref isStarted, 1) == 0) redis?.Start();
    }

    /// <summary>Looks for a reply, in one round trip.</summary>
    /// <param name="keys">The organisation's keys.</param>
    /// <param name="digest">The question.</param>
    /// <param name="fields">What a new reply would depend on.</param>
    /// <returns>The reply, and the epochs of those fields; null where there is none or they are not known.</returns>
    public async ValueTask<(CachedReply? Reply, CacheDependencies? Dependencies)> LookAsync(CacheKeys keys, CacheDigest digest, string[] fields)
    {
        if (redis is null) return (null, null);
        var hex = digest.ToString();
        using var call = redis.Rent();
        call.BeginScript(CacheScripts.Look, 4, 1 + fields.Length);
        AddKeys(call, keys, hex);
        call.Arg(hex);
        foreach (var field in fields) call.Arg(field);
        var outcome = await redis.SendAsync(call);
        if (outcome != RedisOutcome.Ok)
        {
            metrics.Fault(outcome == RedisOutcome.Error ? "error" : outcome == RedisOutcome.TimedOut ? "timeout" : "unreachable");
            return (null, null);
        }
        return Read(call.Reply, digest, fields);
    }

    /// <summary>Keeps a reply; false = it is not kept.</summary>
    /// <param name="keys">The organisation's keys.</param>
    /// <param name="digest">The question.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="dependencies">What it depends on, as it was before it was made.</param>
    /// <param name="lifeSeconds">How long it stays.</param>
    /// <param name="mostBytes">The organisation's part of the quota.</param>
    public async ValueTask<bool> KeepAsync(CacheKeys keys, CacheDigest digest, CachedReply reply, CacheDependencies dependencies, long lifeSeconds, long mostBytes)
    {
        if (redis is null) return false;
        var hex = digest.ToString();
        var entry = codec.Seal(reply, digest);
        using var call = redis.Rent();
        call.BeginScript(CacheScripts.Keep, 4, 6 + 2 * dependencies.Fields.Length);
        AddKeys(call, keys, hex);
        call.Arg(hex);
        call.Arg(keys.EntryPrefix);
        call.Arg(entry);
        call.Arg(lifeSeconds * 1_000);
        call.Arg(entry.Length + CachedReply.Overhead);
        call.Arg(mostBytes);
        for (var i = 0; i < dependencies.Fields.Length; i++)
        {
            call.Arg(dependencies.Fields[i]);
            call.Arg(dependencies.Epochs[i]);
        }
        var outcome = await redis.SendAsync(call, WriteLimit);
        if (outcome == RedisOutcome.Ok)
        {
            if (call.Reply.Integer == 1) return true;
            metrics.Fault("no_room");
            return false;
        }
        metrics.Fault(outcome == RedisOutcome.Error ? call.Reply.Bytes.StartsWith("OOM"u8) ? "full" : "error" : outcome == RedisOutcome.TimedOut ? "timeout" : "unreachable");
        return false;
    }

    /// <summary>How many purges there were; null = it cannot be said.</summary>
    public async ValueTask<long?> PurgesAsync()
    {
        if (redis is not { Status.IsUp: true }) return null;
        using var call = redis.Rent();
        call.Begin(2);
        call.Arg("GET"u8);
        call.Arg(CacheKeys.PurgeNumber);
        if (await redis.SendAsync(call, WriteLimit) != RedisOutcome.Ok) return null;
        return Utf8Parser.TryParse(call.Reply.Bytes, out long number, out _) ? number : 0;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => redis?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static void AddKeys(RedisCall call, CacheKeys keys, string hex)
    {
        call.Arg(keys.EntryPrefix + hex);
        call.Arg(keys.Epochs);
        call.Arg(keys.Expiries);
        call.Arg(keys.Sizes);
    }

    private (CachedReply? Reply, CacheDependencies? Dependencies) Read(RespReader answer, CacheDigest digest, string[] fields)
    {
        CachedReply? reply = null;
        if (answer.ArrayLength != fields.Length + 1 || !answer.Read())
        {
            metrics.Fault("corrupt");
            return (null, null);
        }
        if (!answer.IsNull && (reply = codec.Open(answer.Bytes, digest)) is null) metrics.Fault("corrupt");
        var epochs = new string[fields.Length];
        for (var i = 0; i < epochs.Length; i++)
        {
            answer.Read();
            epochs[i] = Encoding.UTF8.GetString(answer.Bytes);
        }
        return (reply, new(fields, epochs));
    }
}
