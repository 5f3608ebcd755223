using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// Looks after holds that nobody settles: those of gateways that died become their estimate and a record of it, those that this gateway does not know (any
/// more) are given back. And after those that became estimates: the truth, once the books have it, replaces it.
/// </summary>
internal sealed class LedgerSweep(LedgerCalls calls, LedgerBooks books, UsageJournal journal, TimeProvider time)
{
    private const int IdsPerCall = 50;
    private const int ScanCount = 200;
    private const int SweptHead = 24;

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);
    // The record of a swept hold is in a journal by then, or its gateway died before it could write it.
    private static readonly TimeSpan RecordDue = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepSwept = TimeSpan.FromDays(8);
    // A hold is on this gateway's list before it is in Redis; one that old and not on the list is nobody's.
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(10);

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
            call.BeginScript(LedgerScripts.Expire, 4, 2 + part.Count);
            call.Arg(tenant.MetersKey);
            call.Arg(tenant.HoldsKey);
            call.Arg(tenant.SweptKey);
            call.Arg(tenant.InstancesKey);
            call.Arg(dead.ToByteArray(bigEndian: true));
            call.Arg(at + IdsPerCall >= ids.Count ? 1 : 0);
            foreach (var id in part) call.Arg(id);
            if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return;
            WriteRecords(call.Reply);
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
            if (await HasAsync(tenant.InstancesKey, other) == false) await SweepAsync(tenant, other);

        // The list after the scan, not before: what was scanned was on the list before it was in Redis, and leaves it only when Redis has confirmed its end.
        // So what is on neither, and in Redis still, is nobody's, however long its request waited before it was held.
        var known = tenant.Holds().Select(hold => hold.Id).ToHashSet();
        lost.RemoveAll(known.Contains);
        for (var i = lost.Count - 1; i >= 0; i--)
            if (await HasAsync(tenant.HoldsKey, lost[i]) != true) lost.RemoveAt(i);
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

    /// <summary>Brings estimates of swept holds up to what the books say now, and writes records that were lost with their sweeper.</summary>
    public async Task ReconcileAsync(LedgerTenant tenant, CancellationToken cancellationToken)
    {
        var swept = new Dictionary<Guid, (long NanoUsd, DateTimeOffset At, byte[] Record)>();
        if (!await ScanAsync(tenant.SweptKey, (field, value) =>
            {
                if (field.Length != 16 || value.Length < SweptHead + LedgerHold.HeadBytes) return;
                var charged = (long)BitConverter.ToDouble(value);
                var at = DateTimeOffset.UnixEpoch.AddTicks((long)BitConverter.ToDouble(value[16..]) * TimeSpan.TicksPerMicrosecond);
                swept[new Guid(field, bigEndian: true)] = (charged, at, HoldCodec.RecordOf(value[SweptHead..]).ToArray());
            }) || swept.Count == 0) return;
        var now = time.GetUtcNow();
        foreach (var ids in swept.Keys.Chunk(1000))
        {
            var records = await books.RecordsAsync(ids, cancellationToken);
            foreach (var id in ids)
            {
                var (charged, at, record) = swept[id];
                if (records.TryGetValue(id, out var booked))
                {
                    if (!booked.IsEstimate && booked.NanoUsd != charged) await calls.SettleAsync(tenant, id, new Settlement(booked.NanoUsd, booked.Tokens, Undo: false), null);
                }
                else if (record.Length > 0 && now - at > RecordDue)
                {
                    journal.TryAppendRecord(record);
                }
                if (now - at > KeepSwept) await ForgetAsync(tenant, id);
            }
        }
    }

    /// <summary>Ids of requests that are older than the ledger and are counted by it all the same: those whose hold outlived a rebuild.</summary>
    public async Task<Guid[]?> OlderAsync(LedgerTenant tenant)
    {
        var ids = new HashSet<Guid>();
        const int Flag = LedgerHold.HeadBytes - 1;
        var isWhole = await ScanAsync(tenant.HoldsKey, (field, value) =>
            {
                if (field.Length == 16 && value.Length > Flag && value[Flag] == 1) ids.Add(new Guid(field, bigEndian: true));
            })
            && await ScanAsync(tenant.SweptKey, (field, value) =>
            {
                if (field.Length == 16 && value.Length > SweptHead + Flag && value[SweptHead + Flag] == 1) ids.Add(new Guid(field, bigEndian: true));
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

    // Null: Redis did not say.
    private async Task<bool?> HasAsync(byte[] key, Guid field)
    {
        using var call = calls.Redis.Rent();
        call.Begin(3);
        call.Arg("HEXISTS"u8);
        call.Arg(key);
        call.Arg(field.ToByteArray(bigEndian: true));
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

    private void WriteRecords(RespReader reply)
    {
        while (reply.Read() && reply.Read())
            if (!reply.Bytes.IsEmpty) journal.TryAppendRecord(reply.Bytes);
    }

    private async Task ForgetAsync(LedgerTenant tenant, Guid id)
    {
        using var call = calls.Redis.Rent();
        call.Begin(3);
        call.Arg("HDEL"u8);
        call.Arg(tenant.SweptKey);
        call.Arg(id.ToByteArray(bigEndian: true));
        await calls.Redis.SendAsync(call, CallLimit);
    }
}

/// <summary>A field of a hash and its value, valid during the call.</summary>
internal delegate void FieldSeen(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value);
