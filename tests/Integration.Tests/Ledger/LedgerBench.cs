using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>One organisation's ledger in a real Redis, and one gateway's connection to it; the scripts are called as the gateway calls them.</summary>
internal sealed class LedgerBench : IAsyncDisposable
{
    /// <summary>Length of a lease that does not run out while a test runs.</summary>
    public const long LongLeaseUs = 600_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static long lastEpoch = 1_700_000_000_000_000;

    private LedgerBench(LedgerTenant tenant, LedgerCalls calls)
    {
        Tenant = tenant;
        Calls = calls;
    }

    /// <summary>The organisation.</summary>
    public LedgerTenant Tenant { get; }

    /// <summary>The gateway's own calls.</summary>
    public LedgerCalls Calls { get; }

    /// <summary>The gateway as the scripts see it.</summary>
    public byte[] Instance => Calls.InstanceBytes;

    /// <summary>The epoch that is open; none before <see cref="OpenAsync"/>.</summary>
    public byte[] Epoch { get; set; } = [];

    /// <summary>A gateway at a ledger that is not open yet.</summary>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="organisation">Whose ledger; null = a new one's.</param>
    public static async Task<LedgerBench> ConnectAsync(string redis, Guid? organisation = null)
    {
        // Tests share two cores: what is asked here is whether answers are right, not how soon they come.
        var options = RedisOptions.Parse(redis) with { CallTimeout = Patience };
        var client = new RedisClient(options, TimeProvider.System, NullLogger<RedisClient>.Instance, LedgerScripts.All);
        client.Start();
        await Eventually.HoldsAsync(() => client.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is up");
        return new LedgerBench(new LedgerTenant(organisation ?? Guid.CreateVersion7(), TimeProvider.System), new LedgerCalls(client, TimeProvider.System, NullLogger<LedgerCalls>.Instance));
    }

    /// <summary>The same with an open ledger.</summary>
    public static async Task<LedgerBench> OpenAsync(string redis)
    {
        var bench = await ConnectAsync(redis);
        await bench.RebuildAsync();
        return bench;
    }

    /// <summary>Another organisation's ledger, open, over the same connection.</summary>
    public async Task<LedgerBench> AnotherAsync()
    {
        var another = new LedgerBench(new LedgerTenant(Guid.CreateVersion7(), TimeProvider.System), Calls);
        await another.RebuildAsync();
        return another;
    }

    /// <summary>An epoch that was not used before.</summary>
    public static string NewEpoch() => Interlocked.Increment(ref lastEpoch).ToString(CultureInfo.InvariantCulture);

    /// <summary>Begins, registers the given holds, and finishes: the whole of a rebuild with one gateway.</summary>
    public async Task RebuildAsync(IReadOnlyList<Hold>? holds = null, params (string Field, long NanoUsd)[] sums)
    {
        var epoch = NewEpoch();
        Assert.Equal([2L, epoch], await BeginAsync(epoch, rebuilds: Epoch));
        Assert.Equal([1L], await RegisterAsync(epoch, holds ?? []));
        var answer = await FinishAsync(epoch, sums);
        Assert.Equal(1L, answer[0]);
        Epoch = Encoding.UTF8.GetBytes((string)answer[1]);
        Tenant.Epoch = Epoch;
    }

    /// <summary>Asks for the ledger.</summary>
    public Task<List<object>> BeginAsync(string epoch, byte[]? instance = null, long leaderUs = 60_000_000, byte[]? rebuilds = null, long leaseUs = LongLeaseUs) => ScriptAsync(
        LedgerScripts.Begin, [Tenant.MetersKey, Tenant.HoldsKey, Tenant.InstancesKey, Tenant.SweptKey, Tenant.RebuildKey, Tenant.DetailsKey],
        epoch, instance ?? Instance, leaderUs, rebuilds ?? [], leaseUs);

    /// <summary>Brings holds into a rebuild.</summary>
    public Task<List<object>> RegisterAsync(string epoch, IReadOnlyList<Hold> holds, long leaseUs = LongLeaseUs) => ScriptAsync(
        LedgerScripts.Register, [Tenant.HoldsKey, Tenant.RebuildKey, Tenant.InstancesKey, Tenant.DetailsKey],
        [epoch, Instance, leaseUs, 1L, .. holds.SelectMany(hold => new object[] { IdOf(hold.Id), HoldCodec.Value(hold, Calls.Instance), HoldCodec.Details(hold).ToArray() })]);

    /// <summary>Opens what was rebuilt.</summary>
    public Task<List<object>> FinishAsync(string epoch, (string Field, long NanoUsd)[]? sums = null, byte[]? instance = null) => ScriptAsync(
        LedgerScripts.Finish, [Tenant.MetersKey, Tenant.HoldsKey, Tenant.RebuildKey, Tenant.DetailsKey],
        [epoch, instance ?? Instance, .. (sums ?? []).SelectMany(sum => new object[] { sum.Field, sum.NanoUsd, LedgerFields.OfSeed(sum.Field), sum.NanoUsd })]);

    /// <summary>Renews the lease: microseconds, or the past where they are negative.</summary>
    public Task<List<object>> BeatAsync(long leaseUs = LongLeaseUs, byte[]? instance = null) => ScriptAsync(
        LedgerScripts.Beat, [Tenant.MetersKey, Tenant.InstancesKey, Tenant.RebuildKey, Tenant.SweptKey], instance ?? Instance, leaseUs);

    /// <summary>Charges holds in full; answers their ids.</summary>
    public Task<List<object>> ExpireAsync(IEnumerable<Guid> ids, bool isLast = false, byte[]? instance = null) => ScriptAsync(
        LedgerScripts.Expire, [Tenant.MetersKey, Tenant.HoldsKey, Tenant.SweptKey, Tenant.InstancesKey, Tenant.DetailsKey],
        [instance ?? Instance, isLast ? 1L : 0L, .. ids.Select(IdOf)]);

    /// <summary>Books what was spent before.</summary>
    public Task<List<object>> SeedAsync(string field, long nanoUsd) => ScriptAsync(LedgerScripts.Seed, [Tenant.MetersKey], field, LedgerFields.OfSeed(field), nanoUsd);

    /// <summary>Removes meters that are at rest.</summary>
    public Task<List<object>> TidyAsync(params object[] fields) => ScriptAsync(LedgerScripts.Tidy, [Tenant.MetersKey], fields);

    /// <summary>Reserves by the gateway's own call.</summary>
    public async Task<(LedgerOutcome Outcome, ReserveAnswer Answer)> ReserveAsync(Hold hold, byte[]? epoch = null) => await Calls.ReserveAsync(hold, epoch ?? Epoch);

    /// <summary>Settles by the gateway's own call; answers the settled sums that it was told.</summary>
    public async Task<(LedgerOutcome Outcome, List<long> Settled)> SettleAsync(Guid id, long nanoUsd, long tokens = 0, bool undo = false)
    {
        var sums = new List<long>();
        return (await Calls.SettleAsync(Tenant, id, new Settlement(nanoUsd, tokens, undo), (_, sum) => sums.Add(sum)), sums);
    }

    /// <summary>Reserves several in one call.</summary>
    public async Task<(LedgerOutcome Outcome, ReserveAnswer Answer)[]> ReserveManyAsync(IReadOnlyList<Hold> holds)
    {
        var round = new LedgerRound();
        var waits = holds.Select(hold => new ReserveWait(hold, Epoch, since: 0)).ToArray();
        foreach (var wait in waits) Assert.True(round.TryAdd(new LedgerAsk(wait, default)));
        Assert.Single(round.Reserves);
        Assert.True(await Calls.SendAsync(round));
        return await Task.WhenAll(waits.Select(wait => wait.Task.AsTask()));
    }

    /// <summary>Settles a granted hold as requests do: together with whatever else ends now.</summary>
    public async Task<long> SettleGatheredAsync(Hold hold, long nanoUsd)
    {
        var notes = new SettleNotes();
        hold.Settlement = new Settlement(nanoUsd, 0, Undo: false);
        Calls.Settle(hold, notes);
        Assert.Equal(LedgerOutcome.Done, await notes.Ended.WaitAsync(Patience));
        return notes.Sums.Values.DefaultIfEmpty(-1).Max();
    }

    /// <summary>Settles several, each with its settlement, in one call.</summary>
    public async Task<SettleNotes> SettleManyAsync(IReadOnlyList<Hold> holds)
    {
        var (round, notes) = (new LedgerRound(), new SettleNotes());
        foreach (var hold in holds) Assert.True(round.TryAdd(new LedgerAsk(null, new SettleWait(hold, notes))));
        Assert.Single(round.Settles);
        Assert.True(await Calls.SendAsync(round));
        return notes;
    }

    /// <summary>Settled and held of a budget.</summary>
    public async Task<(long Settled, long Held)> BudgetAsync(Meter meter) => LedgerHold.ReadBudget(await FieldAsync(Tenant.MetersKey, meter.Field) ?? []);

    /// <summary>The value of any other meter; 0 when it is not there.</summary>
    public async Task<double> ValueAsync(Meter meter) => await FieldAsync(Tenant.MetersKey, meter.Field) is { } bytes ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : 0;

    /// <summary>A field of a hash; null = it is not there.</summary>
    public async Task<byte[]?> FieldAsync(byte[] key, byte[] field)
    {
        using var call = Calls.Redis.Rent();
        call.Begin(3);
        call.Arg("HGET"u8);
        call.Arg(key);
        call.Arg(field);
        Assert.Equal(RedisOutcome.Ok, await Calls.Redis.SendAsync(call, Patience));
        return call.Reply.IsNull ? null : call.Reply.Bytes.ToArray();
    }

    /// <summary>A whole hash, as text that can be compared.</summary>
    public async Task<SortedDictionary<string, string>> HashAsync(byte[] key)
    {
        using var call = Calls.Redis.Rent();
        call.Begin(2);
        call.Arg("HGETALL"u8);
        call.Arg(key);
        Assert.Equal(RedisOutcome.Ok, await Calls.Redis.SendAsync(call, Patience));
        var hash = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var reply = call.Reply;
        while (reply.Read())
        {
            var field = Convert.ToHexString(reply.Bytes);
            reply.Read();
            hash[field] = Convert.ToHexString(reply.Bytes);
        }
        return hash;
    }

    /// <summary>Writes a field of a hash.</summary>
    public async Task SetAsync(byte[] key, byte[] field, byte[] value)
    {
        using var call = Calls.Redis.Rent();
        call.Begin(4);
        call.Arg("HSET"u8);
        call.Arg(key);
        call.Arg(field);
        call.Arg(value);
        Assert.Equal(RedisOutcome.Ok, await Calls.Redis.SendAsync(call, Patience));
    }

    /// <summary>Sends a command; answers nothing but that it was well.</summary>
    public async Task CommandAsync(params string[] words)
    {
        using var call = Calls.Redis.Rent();
        call.Begin(words.Length);
        foreach (var word in words) call.Arg(word);
        Assert.Equal(RedisOutcome.Ok, await Calls.Redis.SendAsync(call, Patience));
    }

    /// <summary>Calls a script with texts, bytes and numbers; answers its elements, numbers as numbers and all else as text.</summary>
    public async Task<List<object>> ScriptAsync(RedisScript script, byte[][] keys, params object[] arguments)
    {
        using var call = Calls.Redis.Rent();
        call.BeginScript(script, keys.Length, arguments.Length);
        foreach (var key in keys) call.Arg(key);
        foreach (var argument in arguments)
        {
            switch (argument)
            {
                case byte[] bytes: call.Arg(bytes); break;
                case string text: call.Arg(text); break;
                default: call.Arg(Convert.ToInt64(argument, CultureInfo.InvariantCulture)); break;
            }
        }
        var outcome = await Calls.Redis.SendAsync(call, Patience);
        Assert.True(outcome == RedisOutcome.Ok, $"{script.Name}: {outcome} {Encoding.UTF8.GetString(call.Reply.Bytes)}");
        return Elements(call.Reply);
    }

    /// <summary>A hold's id as the scripts see it.</summary>
    public static byte[] IdOf(Guid id) => id.ToByteArray(bigEndian: true);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Calls.Redis.DisposeAsync();

    // Latin 1 keeps every byte apart, so that ids and records compare.
    private static List<object> Elements(RespReader reply)
    {
        if (reply.Type == RespType.Integer) return [reply.Integer];
        var elements = new List<object>(reply.ArrayLength);
        while (reply.Read()) elements.Add(reply.Type == RespType.Integer ? reply.Integer : Encoding.Latin1.GetString(reply.Bytes));
        return elements;
    }
}
