using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// Looks after holds that nobody settles: those of gateways that died are charged in full, those that this gateway does not know (any more) are given back.
/// And after those that were charged: what the books say, once they say something, replaces it, and where they do not in time they get a record of it.
/// </summary>
internal sealed class LedgerSweep(LedgerCalls calls, LedgerBooks books, UsageJournal journal, TimeProvider time)
{
    private const int IdsPerCall = 50;
    private const int ScanCount = 200;
    private const int SweptHead = 24;

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepSwept = TimeSpan.FromDays(8);
    // A hold is on this gateway's list before it is in Redis; one that old and not on the list is nobody's.
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(10);
    // Far longer than a request may wait in a queue before it asks for its hold.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(2);

    /// <summary>How long the books are awaited: a gateway that died is back by then and has copied its journal, or does not come back soon.</summary>
    public TimeSpan BooksDue { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Keys of the ledger across organisations.</summary>
    public LedgerTenant Wide { get; init; } = new(Guid.Empty, time);

    /// <summary>Ends the holds of a gateway whose lease ran out.</summary>
    public async Task SweepAsync(LedgerTenant tenant, Guid dead)
    {
        var ids = new List<byte[]>();
        if (!await ScanAsync(tenant.HoldsKey, (field, value) =>
            {
                if (LedgerHold.Read(value) is { } hold && hold.Instance == dead) ids.Add(field.ToArray());
            })) return;
        for (var at = 0; at == 0 || at < ids.Count; at += IdsPerCall)
        {
            using var call = calls.Redis.Rent();
            var part = ids.Slice(at, Math.Min(IdsPerCall, ids.Count - at));
            call.BeginScript(LedgerScripts.Expire, 5, 2 + part.Count);
            call.Arg(tenant.MetersKey);
            call.Arg(tenant.HoldsKey);
            call.Arg(tenant.SweptKey);
            call.Arg(tenant.InstancesKey);
            call.Arg(tenant.DetailsKey);
            call.Arg(dead.ToByteArray(bigEndian: true));
            call.Arg(at + IdsPerCall >= ids.Count ? 1 : 0);
            foreach (var id in part) call.Arg(id);
            if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return;
        }
    }

    /// <summary>
    /// Gives back holds under this gateway's name that it does not know: the answer to their reservation was lost, and so was their release. And sweeps
    /// those of gateways that have no lease at all, which no beat tells of: they ended before their first beat, or between the sweep and the next one.
    /// </summary>
    public async Task<int> ReclaimAsync(LedgerTenant tenant)
    {
        var lost = new List<Guid>();
        var others = new HashSet<Guid>();
        var (before, longBefore) = (time.GetUtcNow() - LostAfter, time.GetUtcNow() - LedgerBooks.Lease);
        if (!await ScanAsync(tenant.HoldsKey, (field, value) =>
            {
                if (field.Length != 16 || LedgerHold.Read(value) is not { } hold) return;
                var id = new Guid(field, bigEndian: true);
                if (hold.Instance != calls.Instance)
                {
                    if (LedgerBooks.MomentOf(id) < longBefore) others.Add(hold.Instance);
                }
                else if (LedgerBooks.MomentOf(id) < before)
                {
                    lost.Add(id);
                }
            })) return 0;
        foreach (var other in others)
            if (await HasAsync(tenant.InstancesKey, Bytes(other)) == false) await SweepAsync(tenant, other);

        // The list after the scan, not before: what was scanned was on the list before it was in Redis, and leaves it only when Redis has confirmed its end.
        // So what is on neither, and in Redis still, is nobody's, however long its request waited before it was held.
        var known = tenant.Holds().Select(hold => hold.Id).ToHashSet();
        lost.RemoveAll(known.Contains);
        for (var i = lost.Count - 1; i >= 0; i--)
            if (await HasAsync(tenant.HoldsKey, Bytes(lost[i])) != true) lost.RemoveAt(i);
        if (lost.Count == 0) return 0;
        // What was recorded meanwhile was settled or is about to be; the rest never came to anything.
        var records = await books.RecordsAsync(lost, CancellationToken.None);
        foreach (var id in lost)
        {
            var settlement = records.TryGetValue(id, out var record) ? new Settlement(record.NanoUsd, record.Tokens, Undo: false) : new Settlement(0, 0, Undo: true);
            await calls.SettleAsync(tenant, id, settlement, null);
        }
        return lost.Count;
    }

    /// <summary>
    /// Brings charges of swept holds to what the books say now. Where they say nothing in time, because the gateway does not come back or died before its
    /// journal knew of the request, the request gets a record with what it was charged. One of two holds gets it only if the other ledger knows of it as well:
    /// where that one did not grant it, or has ended it, no provider was called, or the books will tell of it, and this one is given back.
    /// </summary>
    public async Task ReconcileAsync(LedgerTenant tenant, CancellationToken cancellationToken)
    {
        var swept = new Dictionary<Guid, (long NanoUsd, DateTimeOffset At, byte[] Record, bool IsPaired)>();
        if (!await ScanAsync(tenant.SweptKey, (field, value) =>
            {
                if (field.Length != 16 || value.Length < SweptHead + LedgerHold.Bytes) return;
                var charged = (long)BitConverter.ToDouble(value);
                var at = DateTimeOffset.UnixEpoch.AddTicks((long)BitConverter.ToDouble(value[16..]) * TimeSpan.TicksPerMicrosecond);
                var isPaired = (value[SweptHead + LedgerHold.FlagsAt] & LedgerHold.IsPaired) != 0;
                swept[new Guid(field, bigEndian: true)] = (charged, at, HoldCodec.RecordOf(value[(SweptHead + LedgerHold.Bytes)..]).ToArray(), isPaired);
            }) || swept.Count == 0) return;
        var now = time.GetUtcNow();
        foreach (var ids in swept.Keys.Chunk(1000))
        {
            var records = await books.RecordsAsync(ids, cancellationToken);
            foreach (var id in ids)
            {
                var (charged, at, record, isPaired) = swept[id];
                var age = now - at;
                if (records.TryGetValue(id, out var booked))
                {
                    if (booked.NanoUsd != charged) await calls.SettleAsync(tenant, id, new Settlement(booked.NanoUsd, booked.Tokens, Undo: false), null);
                }
                else if (record.Length > 0 && age > BooksDue && await IsGrantedAsync(tenant, id, isPaired) is var isGranted and not false)
                {
                    if (isGranted == true) journal.TryAppendRecord(RecordEncoder.WithCost(record, charged));
                }
                // Whoever looks after the other hold of the request has brought its record by then, if it gets one.
                else if (charged != 0 && age > BooksDue * 1.5)
                {
                    await calls.SettleAsync(tenant, id, new Settlement(0, 0, Undo: false), null);
                }
                if (age > KeepSwept) await ForgetAsync(tenant, id);
            }
        }
    }

    /// <summary>Removes details of which no hold came to be: a connection broke between the two.</summary>
    public async Task ForgetDetailsAsync(LedgerTenant tenant)
    {
        var before = time.GetUtcNow() - LongestWait;
        var old = new List<byte[]>();
        if (!await ScanAsync(tenant.DetailsKey, (field, _) =>
            {
                if (field.Length == 16 && LedgerBooks.MomentOf(new Guid(field, bigEndian: true)) < before) old.Add(field.ToArray());
            })) return;
        foreach (var part in old.Chunk(ScanCount))
        {
            using var call = calls.Redis.Rent();
            call.BeginScript(LedgerScripts.Forget, 2, part.Length);
            call.Arg(tenant.HoldsKey);
            call.Arg(tenant.DetailsKey);
            foreach (var id in part) call.Arg(id);
            if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return;
        }
    }

    /// <summary>Ids of requests that are older than the ledger and are counted by it all the same: those whose hold outlived a rebuild.</summary>
    public async Task<Guid[]?> OlderAsync(LedgerTenant tenant)
    {
        var ids = new HashSet<Guid>();
        var isWhole = await ScanAsync(tenant.HoldsKey, (field, value) =>
            {
                if (field.Length == 16 && value.Length > LedgerHold.FlagsAt && IsOlder(value[LedgerHold.FlagsAt])) ids.Add(new Guid(field, bigEndian: true));
            })
            && await ScanAsync(tenant.SweptKey, (field, value) =>
            {
                if (field.Length == 16 && value.Length > SweptHead + LedgerHold.FlagsAt && IsOlder(value[SweptHead + LedgerHold.FlagsAt])) ids.Add(new Guid(field, bigEndian: true));
            });
        return isWhole ? [.. ids] : null;
    }

    /// <summary>Walks over a hash; false when Redis did not answer.</summary>
    public async Task<bool> ScanAsync(byte[] key, FieldSeen seen)
    {
        var cursor = "0"u8.ToArray();
        do
        {
            using var call = calls.Redis.Rent();
            call.Begin(5);
            call.Arg("HSCAN"u8);
            call.Arg(key);
            call.Arg(cursor);
            call.Arg("COUNT"u8);
            call.Arg(ScanCount);
            if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return false;
            cursor = Page(call.Reply, seen);
        }
        while (cursor is not [(byte)'0']);
        return true;
    }

    // Null: Redis did not say. In this order: it may be swept in between.
    private async Task<bool?> IsGrantedAsync(LedgerTenant tenant, Guid id, bool isPaired)
    {
        if (!isPaired || tenant.Organisation == Wide.Organisation) return true;
        var isHeld = await HasAsync(Wide.HoldsKey, Bytes(id));
        return isHeld == false ? await HasAsync(Wide.SweptKey, Bytes(id)) : isHeld;
    }

    // Null: Redis did not say.
    private async Task<bool?> HasAsync(byte[] key, byte[] field)
    {
        using var call = calls.Redis.Rent();
        call.Begin(3);
        call.Arg("HEXISTS"u8);
        call.Arg(key);
        call.Arg(field);
        return await calls.Redis.SendAsync(call, CallLimit) == RedisOutcome.Ok ? call.Reply.Integer == 1 : null;
    }

    private static byte[] Page(RespReader reply, FieldSeen seen)
    {
        if (!reply.Read()) return [(byte)'0'];
        var cursor = reply.Bytes.ToArray();
        reply.Read();
        while (reply.Read())
        {
            var field = reply.Bytes;
            if (!reply.Read()) break;
            seen(field, reply.Bytes);
        }
        return cursor;
    }

    private static bool IsOlder(byte flags) => (flags & LedgerHold.IsOlder) != 0;

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private async Task ForgetAsync(LedgerTenant tenant, Guid id)
    {
        using var call = calls.Redis.Rent();
        call.Begin(3);
        call.Arg("HDEL"u8);
        call.Arg(tenant.SweptKey);
        call.Arg(Bytes(id));
        await calls.Redis.SendAsync(call, CallLimit);
    }
}

/// <summary>A field of a hash and its value, valid during the call.</summary>
internal delegate void FieldSeen(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value);
