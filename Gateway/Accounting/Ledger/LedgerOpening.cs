using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// Finds out under which epoch an organisation's ledger is open, and where Redis has lost it, opens it anew from the books. One gateway leads, all take part.
/// </summary>
/// <remarks>
/// 1. Whoever finds that the ledger is not there begins a rebuild; reservations are refused from then on. 2. Every gateway ships the records of what it has
/// closed, then registers all holds that Redis has not confirmed as settled, whatever became of their requests. 3. When all gateways that live have done so,
/// the leader sums up the books without the registered holds' records and opens the ledger with those sums and holds. 4. Settlements that waited are sent.
/// So each request is counted by the books or by its hold, never by both. docs/ledger.md has the argument.
/// </remarks>
internal sealed partial class LedgerOpening(
    LedgerCalls calls, LedgerBooks books, SnapshotHolder configuration, UsageJournalStatus journal, TimeProvider time, ILogger<LedgerOpening> logger)
{
    private const int HoldsPerCall = 200;

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SumLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeaderLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);

    private readonly DateTimeOffset startedAt = time.GetUtcNow();

    /// <summary>True once the ledger is open and its epoch known; false when that could not be had in time, with whatever was begun going on.</summary>
    public async ValueTask<bool> EnsureAsync(LedgerTenant tenant, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (tenant.Epoch is not null) return true;
        Task<bool> opening;
        lock (tenant.OpeningGate)
        {
            if (tenant.Opening is null or { IsCompleted: true }) tenant.Opening = Task.Run(() => OpenAsync(tenant), CancellationToken.None);
            opening = tenant.Opening;
        }
        try
        {
            return await opening.WaitAsync(wait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Says in Postgres that this gateway lives.</summary>
    public Task<HashSet<Guid>> BeatAsync(CancellationToken cancellationToken) => books.BeatAsync(calls.Instance, startedAt, cancellationToken);

    private async Task<bool> OpenAsync(LedgerTenant tenant)
    {
        using var limit = new CancellationTokenSource(LeaderLimit, time);
        try
        {
            while (!limit.IsCancellationRequested && calls.Redis.Status.IsUp)
            {
                var (kind, epoch) = await BeginAsync(tenant);
                if (kind == 0)
                {
                    Open(tenant, epoch);
                    return true;
                }
                if (kind < 0) return false;
                await RegisterAsync(tenant, epoch, limit.Token);
                if (kind == 2 && await LeadAsync(tenant, epoch, limit.Token)) return true;
                await Task.Delay(AskEvery, time, limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Log.TooSlow(logger, tenant.Organisation);
        }
        catch (Exception fault) when (fault is Npgsql.NpgsqlException or TimeoutException or InvalidOperationException)
        {
            // Without the books nobody knows what was spent: what is capped stays refused, and the next request or beat tries again.
            Log.NoBooks(logger, tenant.Organisation, fault.GetType().Name);
        }
        return false;
    }

    private static void Open(LedgerTenant tenant, string epoch)
    {
        tenant.RegisteredFor = null;
        tenant.Epoch = Encoding.UTF8.GetBytes(epoch);
    }

    /// <summary>Takes part in a rebuild that somebody leads: ships what is closed, registers what is not settled. Does nothing the second time.</summary>
    public async Task RegisterAsync(LedgerTenant tenant, string epoch, CancellationToken cancellationToken)
    {
        if (tenant.RegisteredFor == epoch) return;
        tenant.MustRebuild = false;
        // The list first: a request that closes in between is on it, and its record is left out of the sums.
        var holds = tenant.Holds(forRegistration: true);
        await journal.WaitUntilShippedAsync(cancellationToken);
        tenant.Local.Clear();
        for (var at = 0; at == 0 || at < holds.Length; at += HoldsPerCall)
        {
            var part = holds.AsMemory(at, Math.Min(HoldsPerCall, holds.Length - at));
            if (!await RegisterAsync(tenant, epoch, part, isLast: at + part.Length >= holds.Length)) return;
        }
        tenant.RegisteredFor = epoch;
    }

    private async Task<bool> RegisterAsync(LedgerTenant tenant, string epoch, ReadOnlyMemory<Hold> holds, bool isLast)
    {
        using var call = calls.Redis.Rent();
        call.BeginScript(LedgerScripts.Register, 4, 4 + holds.Length * 3);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.RebuildKey);
        call.Arg(tenant.InstancesKey);
        call.Arg(tenant.DetailsKey);
        call.Arg(epoch);
        call.Arg(calls.InstanceBytes);
        call.Arg((long)LedgerBooks.Lease.TotalMicroseconds);
        call.Arg(isLast ? 1 : 0);
        foreach (var hold in holds.Span)
        {
            call.Arg(hold.Id.ToByteArray(bigEndian: true));
            call.Arg(HoldCodec.Value(hold, calls.Instance));
            call.Arg(HoldCodec.Details(hold));
        }
        return await calls.Redis.SendAsync(call, CallLimit) == RedisOutcome.Ok && First(call.Reply) == 1;
    }

    private async Task<bool> LeadAsync(LedgerTenant tenant, string epoch, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        Log.Begins(logger, tenant.Organisation, epoch);
        while (true)
        {
            var alive = await books.BeatAsync(calls.Instance, startedAt, cancellationToken);
            var registered = await RegisteredAsync(tenant);
            if (registered is null) return false;
            // A gateway that died is no longer alive in the books when its lease has run out.
            if (alive.IsSubsetOf(registered)) break;
            await Task.Delay(AskEvery, time, cancellationToken);
        }
        if (configuration.Current is not { } snapshot || await HoldIdsAsync(tenant) is not { } ids) return false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SumLimit);
        var sums = await books.SpentBeforeAsync(snapshot, tenant.Organisation, AtOf(epoch), ids, limit.Token);
        using var call = calls.Redis.Rent();
        call.BeginScript(LedgerScripts.Finish, 4, 2 + sums.Count * 4);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.RebuildKey);
        call.Arg(tenant.DetailsKey);
        call.Arg(epoch);
        call.Arg(calls.InstanceBytes);
        foreach (var (field, spent) in sums)
        {
            call.Arg(field);
            call.Arg(spent);
            // So that what comes into the books late can be told from what was there.
            call.Arg(LedgerFields.OfSeed(field));
            call.Arg(spent);
        }
        if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok || Opened(call.Reply) is not { } opened) return false;
        Open(tenant, opened);
        Log.Opened(logger, tenant.Organisation, opened, sums.Count, ids.Length, time.GetElapsedTime(started).TotalMilliseconds);
        return true;
    }

    private async Task<(int Kind, string Epoch)> BeginAsync(LedgerTenant tenant)
    {
        using var call = calls.Redis.Rent();
        call.BeginScript(LedgerScripts.Begin, 6, 6);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.InstancesKey);
        call.Arg(tenant.SweptKey);
        call.Arg(tenant.RebuildKey);
        call.Arg(tenant.DetailsKey);
        call.Arg((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        call.Arg(calls.InstanceBytes);
        call.Arg((long)LeaderLimit.TotalMicroseconds);
        call.Arg(tenant.MustRebuild && tenant.LastEpoch is { } last ? last : []);
        call.Arg((long)LedgerBooks.Lease.TotalMicroseconds);
        call.Arg(configuration.Current?.RewritesOf(tenant.Organisation) ?? 0);
        if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return (-1, "");
        var reply = call.Reply;
        if (!reply.Read()) return (-1, "");
        var kind = (int)reply.Integer;
        return reply.Read() ? (kind, Encoding.UTF8.GetString(reply.Bytes)) : (-1, "");
    }

    private async Task<HashSet<Guid>?> RegisteredAsync(LedgerTenant tenant)
    {
        using var call = calls.Redis.Rent();
        call.Begin(2);
        call.Arg("HKEYS"u8);
        call.Arg(tenant.RebuildKey);
        if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return null;
        var registered = new HashSet<Guid>();
        var reply = call.Reply;
        while (reply.Read())
            if (reply.Bytes.Length == 17 && reply.Bytes[0] == (byte)'r') registered.Add(new Guid(reply.Bytes[1..], bigEndian: true));
        return registered;
    }

    private async Task<Guid[]?> HoldIdsAsync(LedgerTenant tenant)
    {
        using var call = calls.Redis.Rent();
        call.Begin(2);
        call.Arg("HKEYS"u8);
        call.Arg(tenant.HoldsKey);
        if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return null;
        var ids = new List<Guid>();
        var reply = call.Reply;
        while (reply.Read())
            if (reply.Bytes.Length == 16) ids.Add(new Guid(reply.Bytes, bigEndian: true));
        return [.. ids];
    }

    private static DateTimeOffset AtOf(string epoch) => DateTimeOffset.UnixEpoch.AddTicks(long.Parse(epoch, CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond);

    private static long First(RespReader reply) => reply.Read() ? reply.Integer : -1;

    private static string? Opened(RespReader reply) => reply.Read() && reply.Integer == 1 && reply.Read() ? Encoding.UTF8.GetString(reply.Bytes) : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The ledger of organisation {Organisation} is not in Redis; it is rebuilt from the usage records (epoch {Epoch}). Limited requests wait.")]
        public static partial void Begins(ILogger logger, Guid organisation, string epoch);

        [LoggerMessage(2, LogLevel.Information, "The ledger of organisation {Organisation} is open (epoch {Epoch}): {Sums} sums from the records, {Holds} running requests, {Milliseconds:0} ms")]
        public static partial void Opened(ILogger logger, Guid organisation, string epoch, int sums, int holds, double milliseconds);

        [LoggerMessage(3, LogLevel.Warning, "The ledger of organisation {Organisation} could not be opened in time; it is tried again")]
        public static partial void TooSlow(ILogger logger, Guid organisation);

        [LoggerMessage(4, LogLevel.Error, "The ledger of organisation {Organisation} cannot be rebuilt while the usage records cannot be read ({Fault}); limited requests are refused")]
        public static partial void NoBooks(ILogger logger, Guid organisation, string fault);
    }
}
