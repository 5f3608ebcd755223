using System.Buffers.Text;
using System.Text;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Index;
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
/// <param name="rows">Seals and opens rows.</param>
/// <param name="metrics">Counts what goes wrong.</param>
/// <param name="mostRows">Most rows of a scope.</param>
internal sealed class CacheStore(RedisClient? redis, EntryCodec codec, RowCodec rows, CacheMetrics metrics, int mostRows = SemanticScope.MostRows) : IAsyncDisposable
{
    // What a row takes in the lists of its scope, about.
    private const int RowOverhead = 400;

    // About 200 KB at once of the vectors that are made here, 2 MB of the longest ones.
    private const int RowsAtOnce = 256;

    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(1);

    private int isStarted;

    /// <summary>Whether there is a Redis at all.</summary>
    public bool IsShared => redis is not null;

    /// <summary>Whether it can be asked; null = nobody needs it.</summary>
    public bool? IsUp => redis is null || Volatile.Read(ref isStarted) == 0 ? null : redis.Status.IsUp;

    /// <summary>Begins to connect, once.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref isStarted, 1) == 0) redis?.Start();
    }

    /// <summary>Looks for a reply, in one round trip.</summary>
    /// <param name="keys">The organisation's keys.</param>
    /// <param name="digest">The question.</param>
    /// <param name="fields">What a new reply would depend on.</param>
    /// <param name="scope">The scope in which a similar question found it, which counts as a use; null = the same question.</param>
    /// <returns>The reply, and the epochs of those fields; null where there is none or they are not known.</returns>
    public async ValueTask<(CachedReply? Reply, CacheDependencies? Dependencies)> LookAsync(CacheKeys keys, CacheDigest digest, string[] fields, CacheDigest? scope = null)
    {
        if (redis is null) return (null, null);
        var hex = digest.ToString();
        using var call = redis.Rent();
        call.BeginScript(CacheScripts.Look, scope is null ? 4 : 5, 1 + fields.Length);
        AddKeys(call, keys, hex);
        if (scope is { } found) call.Arg(keys.RowUses + found);
        call.Arg(hex);
        foreach (var field in fields) call.Arg(field);
        var outcome = await redis.SendAsync(call);
        if (outcome != RedisOutcome.Ok)
        {
            Fault(outcome);
            return (null, null);
        }
        return Read(call.Reply, digest, fields);
    }

    /// <summary>Gives the rows of a scope that came after a place, in one round trip.</summary>
    /// <param name="keys">The organisation's keys.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="after">The place, as the store called it; "0" = from the beginning.</param>
    /// <returns>The rows, the place that was reached, and whether there may be more; null = it cannot be said.</returns>
    public async ValueTask<(List<SemanticRow> Rows, string Cursor, bool HasMore)?> RowsAsync(CacheKeys keys, CacheDigest scope, string after)
    {
        if (redis is null) return null;
        var hex = scope.ToString();
        using var call = redis.Rent();
        call.BeginScript(CacheScripts.Rows, 2, 3);
        call.Arg(keys.RowOrder + hex);
        call.Arg(keys.RowUses + hex);
        call.Arg(after);
        call.Arg(RowsAtOnce);
        call.Arg(keys.EntryPrefix);
        var outcome = await redis.SendAsync(call);
        if (outcome == RedisOutcome.Ok) return ReadRows(call.Reply, scope);
        Fault(outcome);
        return null;
    }

    /// <summary>Keeps a reply; false = it is not kept.</summary>
    /// <param name="kept">The reply and what belongs to it.</param>
    /// <param name="mostBytes">The organisation's part of the quota.</param>
    public async ValueTask<bool> KeepAsync(PendingEntry kept, long mostBytes)
    {
        if (redis is null) return false;
        var (keys, digest, dependencies) = (kept.Keys, kept.Digest, kept.Dependencies);
        var hex = digest.ToString();
        var entry = codec.Seal(kept.Reply, digest);
        var row = kept.Row is null ? null : rows.Seal(kept.Row, kept.Scope);
        using var call = redis.Rent();
        call.BeginScript(CacheScripts.Keep, row is null ? 4 : 6, 9 + 2 * dependencies.Fields.Length);
        AddKeys(call, keys, hex);
        var scope = row is null ? "" : kept.Scope.ToString();
        if (row is not null)
        {
            call.Arg(keys.RowOrder + scope);
            call.Arg(keys.RowUses + scope);
        }
        call.Arg(hex);
        call.Arg(keys.EntryPrefix);
        call.Arg(entry);
        call.Arg(kept.LifeSeconds * 1_000);
        call.Arg(entry.Length + CachedReply.Overhead + (row is null ? 0 : row.Length + RowOverhead));
        call.Arg(mostBytes);
        call.Arg(scope);
        call.Arg(row ?? []);
        call.Arg(mostRows);
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

    /// <summary>Adds to a day's figures, in one round trip; false = it is lost.</summary>
    /// <param name="day">Whose and of which day.</param>
    /// <param name="entries">Replies that were given, as members of the figures, what they saved in nano-USD, and how often.</param>
    /// <param name="closest">Counts of how close questions lay.</param>
    public async ValueTask<bool> TallyAsync(CacheTallies day, IReadOnlyList<(string Member, long NanoUsd, long Hits)> entries, IReadOnlyDictionary<string, long> closest)
    {
        if (redis is not { Status.IsUp: true }) return false;
        using var call = redis.Rent();
        call.BeginScript(CacheScripts.Tally, 3, 3 + 3 * entries.Count + 2 * closest.Count);
        call.Arg(day.Savings);
        call.Arg(day.Hits);
        call.Arg(day.Closest);
        call.Arg(CacheTallies.MostEntries);
        call.Arg(CacheTallies.KeptDays * 86_400);
        call.Arg(entries.Count);
        foreach (var (member, nanoUsd, hits) in entries)
        {
            call.Arg(member);
            call.Arg(nanoUsd);
            call.Arg(hits);
        }
        foreach (var (field, count) in closest)
        {
            call.Arg(field);
            call.Arg(count);
        }
        if (await redis.SendAsync(call, WriteLimit) is RedisOutcome.Ok) return true;
        metrics.Fault("error");
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

    private void Fault(RedisOutcome outcome) => metrics.Fault(outcome == RedisOutcome.Error ? "error" : outcome == RedisOutcome.TimedOut ? "timeout" : "unreachable");

    private (List<SemanticRow> Rows, string Cursor, bool HasMore)? ReadRows(RespReader answer, CacheDigest scope)
    {
        var found = new List<SemanticRow>(Math.Max(0, answer.ArrayLength / 2));
        if (answer.ArrayLength < 2 || !answer.Read())
        {
            metrics.Fault("corrupt");
            return null;
        }
        var cursor = Encoding.UTF8.GetString(answer.Bytes);
        answer.Read();
        var hasMore = answer.Integer == 1;
        while (answer.Read())
        {
            var isDigest = CacheDigest.TryParse(answer.Bytes, out var digest);
            if (!answer.Read()) break;
            if (isDigest && rows.Open(answer.Bytes, scope, digest) is { } row) found.Add(row);
            else metrics.Fault("corrupt");
        }
        return (found, cursor, hasMore);
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
