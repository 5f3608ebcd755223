using System.Text;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Portal.Ledger;

/// <summary>
/// Looks into the ledger that gateways keep in Redis; changes nothing there. It never waits long: each call has a short time-out, the first one that is
/// missed ends the look, and how much is walked through is bounded, so that a page costs Redis little.
/// </summary>
public sealed class LedgerView(TimeProvider clock, RedisClient? redis = null)
{
    // How many elements a step of a walk looks at, and how many steps there are at most: 50,000 shares of default budgets, 10,000 running requests.
    private const int Step = 500, MaxMeterSteps = 100, MaxHoldSteps = 20;

    /// <summary>Reads budgets and running requests of an organisation.</summary>
    /// <param name="organisation">Whose; all zeros = the installation's.</param>
    /// <param name="fields">Fields of budgets that have one scope.</param>
    /// <param name="defaults">Default budgets and the start of their window, whose every share is read.</param>
    public async Task<LedgerReading> ReadAsync(Guid organisation, IReadOnlyCollection<string> fields, IReadOnlyCollection<(Guid Budget, DateTimeOffset WindowStart)> defaults)
    {
        var at = clock.GetUtcNow();
        if (redis is null) return new() { State = LedgerState.None, At = at };
        var keys = LedgerKeys.Of(organisation);
        var meters = new Dictionary<string, LedgerMeter>(StringComparer.Ordinal);
        if (await ReadMetersAsync(redis, keys, fields, meters) is not LedgerState.Live and var state) return new() { State = state, At = at };

        var whole = true;
        var prefixes = defaults.Select(d => LedgerFields.OfBudget(d.Budget, "", d.WindowStart)).ToArray();
        if (prefixes.Length > 0)
        {
            // One walk for all of them: what Redis passes over costs as much as what it gives.
            var all = await WalkAsync(redis, keys.Meters, prefixes is [var only] ? only + "*" : $"{LedgerFields.Budget}:*", MaxMeterSteps, (field, value) =>
            {
                var name = Encoding.UTF8.GetString(field);
                if (!Array.Exists(prefixes, p => name.StartsWith(p, StringComparison.Ordinal))) return;
                var (settled, held) = LedgerHold.ReadBudget(value);
                meters[name] = new(settled, held);
            });
            if (all is null) return new() { State = LedgerState.Away, At = at };
            whole = all.Value;
        }
        // Details first: they are there before their hold is.
        var details = new Dictionary<Guid, (IReadOnlyList<string> Budgets, LedgerHoldRecord? Record)>();
        var allDetails = await WalkAsync(redis, keys.Details, null, MaxHoldSteps, (field, value) =>
        {
            if (field.Length == 16 && LedgerHoldRecord.BudgetsOf(value) is { Count: > 0 } budgets) details[new Guid(field, bigEndian: true)] = (budgets, LedgerHoldRecord.Of(value));
        });
        var holds = new Dictionary<Guid, LiveHold>();
        var allHolds = allDetails is null ? null : await WalkAsync(redis, keys.Holds, null, MaxHoldSteps, (field, value) =>
        {
            if (field.Length != 16 || LedgerHold.Read(value) is not { } hold || !details.TryGetValue(new Guid(field, bigEndian: true), out var of)) return;
            var id = new Guid(field, bigEndian: true);
            holds[id] = new(id, hold.CostNanoUsd, hold.Instance, of.Budgets, of.Record);
        });
        if (allHolds is null) return new() { State = LedgerState.Away, At = at };
        return new()
        {
            State = LedgerState.Live, At = at, Meters = meters, IsWhole = whole && allHolds.Value && allDetails == true,
            Holds = [.. holds.Values.OrderBy(h => h.Record?.ArrivedAt ?? at)],
        };
    }

    private static async Task<LedgerState> ReadMetersAsync(RedisClient redis, LedgerKeys keys, IReadOnlyCollection<string> fields, Dictionary<string, LedgerMeter> meters)
    {
        using var call = redis.Rent();
        call.Begin(3 + fields.Count);
        call.Arg("HMGET"u8);
        call.Arg(keys.Meters);
        call.Arg("e"u8);
        foreach (var field in fields) call.Arg(field);
        if (await redis.SendAsync(call) != RedisOutcome.Ok) return LedgerState.Away;
        return TryTake(call.Reply, fields, meters) ? LedgerState.Live : await IsOpeningAsync(redis, keys);
    }

    private static bool TryTake(RespReader reply, IReadOnlyCollection<string> fields, Dictionary<string, LedgerMeter> meters)
    {
        // The epoch comes first; it is there exactly while the ledger is open.
        if (!reply.Read() || reply.IsNull) return false;
        foreach (var field in fields)
        {
            if (!reply.Read()) break;
            var (settled, held) = LedgerHold.ReadBudget(reply.Bytes);
            meters[field] = new(settled, held);
        }
        return true;
    }

    private static async Task<LedgerState> IsOpeningAsync(RedisClient redis, LedgerKeys keys)
    {
        using var call = redis.Rent();
        call.Begin(2);
        call.Arg("EXISTS"u8);
        call.Arg(keys.Rebuild);
        if (await redis.SendAsync(call) != RedisOutcome.Ok) return LedgerState.Away;
        return call.Reply.Integer > 0 ? LedgerState.Opening : LedgerState.NotOpen;
    }

    /// <summary>Walks through a hash with HSCAN, whose steps let others in between.</summary>
    /// <returns>True = to its end; false = as far as the steps go; null = Redis did not answer.</returns>
    private static async Task<bool?> WalkAsync(RedisClient redis, string key, string? pattern, int maxSteps, Seen seen)
    {
        var cursor = "0"u8.ToArray();
        for (var step = 0; step < maxSteps; step++)
        {
            using var call = redis.Rent();
            call.Begin(pattern is null ? 5 : 7);
            call.Arg("HSCAN"u8);
            call.Arg(key);
            call.Arg(cursor);
            call.Arg("COUNT"u8);
            call.Arg(Step);
            if (pattern is not null)
            {
                call.Arg("MATCH"u8);
                call.Arg(pattern);
            }
            if (await redis.SendAsync(call) != RedisOutcome.Ok) return null;
            cursor = Take(call.Reply, seen);
            if (cursor is [(byte)'0'] or []) return true;
        }
        return false;
    }

    private static byte[] Take(RespReader reply, Seen seen)
    {
        if (!reply.Read()) return [];
        var cursor = reply.Bytes.ToArray();
        if (!reply.Read()) return cursor;
        for (var left = reply.ArrayLength / 2; left > 0 && reply.Read(); left--)
        {
            var field = reply.Bytes;
            if (reply.Read()) seen(field, reply.Bytes);
        }
        return cursor;
    }

    private delegate void Seen(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value);
}
