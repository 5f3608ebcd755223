using System.Text;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// What keeps the ledger true beside the requests: sends settlements again that Redis has not confirmed, renews this gateway's leases, sweeps dead gateways'
/// holds, takes part in rebuilds, books what came late, removes old windows. Every gateway does all of it; each piece may be done twice.
/// </summary>
internal sealed partial class LedgerKeeper(
    Ledger ledger, LedgerCalls? calls, LedgerOpening? opening, LedgerSweep? sweep, LocalOpening local, LedgerBooks books, SnapshotHolder configuration,
    TimeProvider time, ILogger<LedgerKeeper> logger) : BackgroundService
{
    private const int ResendAtOnce = 500;
    private const int TidyPerCall = 200;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReclaimEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestSeedPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(2);
    // A month and its last late records.
    private static readonly TimeSpan KeepWindows = TimeSpan.FromDays(40);

    private DateTimeOffset nextBeat, nextReconcile, nextReclaim, nextTidy;
    private bool booksAreAway;
    private int connections;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (calls is not null)
        {
            // A new connection may lead to another server, or to the same one with less memory.
            calls.Redis.StatusChanged += status => { if (status.IsUp) Interlocked.Increment(ref connections); };
            calls.Redis.Start();
        }
        var seen = 0;
        var isFailing = false;
        try
        {
            while (true)
            {
                if (Volatile.Read(ref connections) is var now && now != seen)
                {
                    seen = now;
                    foreach (var tenant in ledger.Tenants) tenant.Epoch = null;
                    nextBeat = default;
                }
                try
                {
                    await RoundAsync(stoppingToken);
                    isFailing = false;
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it is, the loop must live on: without it holds of dead gateways would stay.
                    if (!isFailing) Log.RoundFailed(logger, fault);
                    isFailing = true;
                }
                await Task.Delay(Tick, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await LeaveAsync();
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        if (configuration.Current is not { } snapshot) return;
        foreach (var organisation in snapshot.Spending.Limited) ledger.TenantOf(organisation);
        var now = time.GetUtcNow();
        if (calls is null)
        {
            foreach (var tenant in ledger.Tenants)
                if (IsDue(tenant, now)) await local.SeedAsync(tenant, cancellationToken);
            return;
        }
        foreach (var tenant in ledger.Tenants)
        {
            NoteZone(tenant, snapshot);
            NoteRewrites(tenant, snapshot);
        }
        if (!calls.Redis.Status.IsUp) return;

        var beat = Due(ref nextBeat, BeatEvery, now);
        // A beat tells whether there is anything to reconcile.
        var reconcile = beat && Due(ref nextReconcile, ReconcileEvery, now);
        var (reclaim, tidy) = (Due(ref nextReclaim, ReclaimEvery, now), Due(ref nextTidy, TidyEvery, now));
        if (beat) await BeatBooksAsync(cancellationToken);
        foreach (var tenant in ledger.Tenants)
        {
            if (tenant.MustRebuild) tenant.Epoch = null;
            if (tenant.Epoch is null) await opening!.EnsureAsync(tenant, TimeSpan.Zero, cancellationToken);
            if (beat) await BeatAsync(tenant, reconcile, cancellationToken);
            if (tenant.Epoch is null) continue;
            await ResendAsync(tenant);
            if (reclaim && await sweep!.ReclaimAsync(tenant) is > 0 and var lost) Log.Reclaimed(logger, lost, tenant.Organisation);
            if (IsDue(tenant, now)) await SeedAsync(tenant, snapshot, cancellationToken);
            if (!tidy) continue;
            await TidyAsync(tenant, now);
            await sweep!.ForgetDetailsAsync(tenant);
        }
    }

    private async Task BeatAsync(LedgerTenant tenant, bool reconcile, CancellationToken cancellationToken)
    {
        using var call = calls!.Redis.Rent();
        call.BeginScript(LedgerScripts.Beat, 4, 2);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.InstancesKey);
        call.Arg(tenant.RebuildKey);
        call.Arg(tenant.SweptKey);
        call.Arg(calls.InstanceBytes);
        call.Arg((long)LedgerBooks.Lease.TotalMicroseconds);
        if (await calls.Redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return;
        var (epoch, rebuild, swept, dead) = Read(call.Reply);
        if (epoch.Length == 0)
        {
            tenant.Epoch = null;
            if (rebuild.Length > 0) await opening!.EnsureAsync(tenant, TimeSpan.Zero, cancellationToken);
            return;
        }
        foreach (var instance in dead)
        {
            if (instance == calls.Instance) continue;
            Log.Sweeps(logger, instance, tenant.Organisation);
            await sweep!.SweepAsync(tenant, instance);
        }
        if (reconcile && swept > 0) await sweep!.ReconcileAsync(tenant, cancellationToken);
    }

    private static (string Epoch, string Rebuild, long Swept, List<Guid> Dead) Read(RespReader reply)
    {
        reply.Read();
        reply.Read();
        var epoch = Encoding.UTF8.GetString(reply.Bytes);
        reply.Read();
        var rebuild = Encoding.UTF8.GetString(reply.Bytes);
        reply.Read();
        var swept = reply.Integer;
        var dead = new List<Guid>();
        while (reply.Read())
            if (reply.Bytes.Length == 16) dead.Add(new Guid(reply.Bytes, bigEndian: true));
        return (epoch, rebuild, swept, dead);
    }

    private async Task BeatBooksAsync(CancellationToken cancellationToken)
    {
        try
        {
            await opening!.BeatAsync(cancellationToken);
            booksAreAway = false;
        }
        catch (Exception fault) when (fault is Npgsql.NpgsqlException or TimeoutException)
        {
            if (!booksAreAway) Log.CannotBeat(logger, fault.GetType().Name);
            booksAreAway = true;
        }
    }

    private async Task ResendAsync(LedgerTenant tenant)
    {
        if (tenant.Count == 0) return;
        var ended = tenant.Holds().Where(hold => hold.State == HoldState.Ended && !hold.IsSending).Take(ResendAtOnce).Select(ledger.SendAsync).ToArray();
        await Task.WhenAll(ended);
    }

    private async Task SeedAsync(LedgerTenant tenant, ConfigurationSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            var epochAt = DateTimeOffset.UnixEpoch.AddTicks(tenant.EpochAtUs * TimeSpan.TicksPerMicrosecond);
            if (await SpentBefore.ReadAsync(() => sweep!.OlderAsync(tenant), older => books.SpentBeforeAsync(snapshot, tenant.Organisation, epochAt, older, cancellationToken)) is not { } spent)
            {
                tenant.NextSeed = (time.GetUtcNow() + ReconcileEvery, tenant.NextSeed.Then);
                return;
            }
            foreach (var part in spent.Chunk(TidyPerCall))
            {
                using var call = calls!.Redis.Rent();
                call.BeginScript(LedgerScripts.Seed, 1, part.Length * 3);
                call.Arg(tenant.MetersKey);
                foreach (var (field, amount) in part)
                {
                    call.Arg(field);
                    call.Arg(LedgerFields.OfSeed(field));
                    call.Arg(amount);
                }
                await calls.Redis.SendAsync(call, CallLimit);
            }
        }
        catch (Exception fault) when (fault is Npgsql.NpgsqlException or TimeoutException)
        {
            tenant.NextSeed = (time.GetUtcNow() + ReconcileEvery, tenant.NextSeed.Then);
        }
    }

    private async Task TidyAsync(LedgerTenant tenant, DateTimeOffset now)
    {
        var old = new List<byte[]>();
        var nowUs = calls!.Redis.NowOnServerMicroseconds();
        await sweep!.ScanAsync(tenant.MetersKey, (field, value) =>
        {
            var isOld = field.Length > 2 && (char)field[0] switch
            {
                LedgerFields.Budget => LedgerFields.TryReadBudget(field, out var budget, out var start, out _) && IsOver(budget, start),
                LedgerFields.Requests or LedgerFields.Tokens => value.Length == 8 && BitConverter.ToDouble(value) <= nowUs,
                LedgerFields.Concurrency => value.Length == 8 && BitConverter.ToDouble(value) == 0,
                _ => false,
            };
            if (isOld) old.Add(field.ToArray());
        });
        foreach (var part in old.Chunk(TidyPerCall))
        {
            using var call = calls.Redis.Rent();
            call.BeginScript(LedgerScripts.Tidy, 1, part.Length);
            call.Arg(tenant.MetersKey);
            foreach (var field in part) call.Arg(field);
            await calls.Redis.SendAsync(call, CallLimit);
        }

        bool IsOver(Guid budget, DateTimeOffset start) =>
            now - start > KeepWindows && configuration.Current?.Spending.BudgetOf(budget)?.Period != BudgetPeriods.Total;
    }

    // Windows that begin at other hours have other meters, of which only the books know what was spent.
    private static void NoteZone(LedgerTenant tenant, ConfigurationSnapshot snapshot)
    {
        if (!snapshot.Organisations.TryGetValue(tenant.Organisation, out var organisation)) return;
        if (tenant.ZoneId is { } before && before != organisation.Zone.Id) tenant.MustRebuild = true;
        tenant.ZoneId = organisation.Zone.Id;
    }

    // The records were priced anew: whoever asks for the ledger first finds it older than the books, and rebuilds it from them.
    private static void NoteRewrites(LedgerTenant tenant, ConfigurationSnapshot snapshot)
    {
        var rewrites = snapshot.RewritesOf(tenant.Organisation);
        if (rewrites > tenant.Rewrites) tenant.Epoch = null;
        tenant.Rewrites = rewrites;
    }

    private bool IsDue(LedgerTenant tenant, DateTimeOffset now)
    {
        var newest = configuration.Current?.Spending.NewestBudget(tenant.Organisation);
        if (newest is { } at && at > tenant.NewestSeeded && at <= now)
        {
            // Requests of before the new budget may still be running, so it is looked at soon again.
            tenant.NewestSeeded = at;
            tenant.NextSeed = (now, TimeSpan.FromSeconds(5));
        }
        if (now < tenant.NextSeed.At) return false;
        var pause = tenant.NextSeed.Then;
        tenant.NextSeed = (now + pause, pause * 2 < LongestSeedPause ? pause * 2 : LongestSeedPause);
        return true;
    }

    private static bool Due(ref DateTimeOffset next, TimeSpan every, DateTimeOffset now)
    {
        if (now < next) return false;
        next = now + every;
        return true;
    }

    private async Task LeaveAsync()
    {
        if (calls is null) return;
        using var limit = new CancellationTokenSource(LeaveLimit, time);
        try
        {
            // What is still unsettled is confirmed now, or swept by the others when the lease runs out.
            foreach (var tenant in ledger.Tenants) await ResendAsync(tenant).WaitAsync(limit.Token);
            await books.LeaveAsync(calls.Instance, limit.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or Npgsql.NpgsqlException or TimeoutException)
        {
            Log.LeftUnsaid(logger, fault.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A round of the ledger's keeper failed; it goes on")]
        public static partial void RoundFailed(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Warning, "Gateway {Instance} is gone; its holds in organisation {Organisation} are charged with their estimates")]
        public static partial void Sweeps(ILogger logger, Guid instance, Guid organisation);

        [LoggerMessage(3, LogLevel.Warning, "{Count} holds in organisation {Organisation} belonged to no request any more and were given back")]
        public static partial void Reclaimed(ILogger logger, int count, Guid organisation);

        [LoggerMessage(4, LogLevel.Warning, "This gateway cannot say in Postgres that it lives ({Fault}); a ledger that must be rebuilt waits for Postgres")]
        public static partial void CannotBeat(ILogger logger, string fault);

        [LoggerMessage(5, LogLevel.Warning, "Stopped without having told the ledger everything ({Fault}); the other gateways do it when the lease runs out")]
        public static partial void LeftUnsaid(ILogger logger, string fault);
    }
}
