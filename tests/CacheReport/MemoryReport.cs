using System.Diagnostics;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Flights;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Semantic.Words;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Caching.Tallies;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.CacheReport;

/// <summary>
/// Sends requests that are all different through everything that the cache keeps in a gateway and in a real Redis, as <c>AnswerFromCache</c> and <c>RememberReply</c> do, and writes down what each takes:
/// memory must come to an end, the number of requests does not.
/// </summary>
internal static class MemoryReport
{
    private const int Rows = 10, AtOnce = 32, ReplyBytes = 600;
    private const long Megabyte = 1024 * 1024, NearBytes = 64 * Megabyte, SemanticBytes = 64 * Megabyte, QuotaBytes = 256 * Megabyte;

    /// <summary>Writes the table; false = something outgrew its bound.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="redis">The connection string of an empty Redis.</param>
    /// <param name="requests">How many.</param>
    public static async Task<bool> WriteAsync(TextWriter output, string redis, int requests)
    {
        var time = TimeProvider.System;
        var client = new RedisClient(
            RedisOptions.Parse(redis) with { CallTimeout = TimeSpan.FromSeconds(20) }, time, NullLogger<RedisClient>.Instance, [CacheScripts.Look, CacheScripts.Keep, CacheScripts.Rows, CacheScripts.Tally]);
        var metrics = new CacheMetrics();
        await using var store = new CacheStore(client, new EntryCodec(new byte[32]), new RowCodec(new byte[32]), metrics);
        store.Start();
        while (!client.Status.IsUp) await Task.Delay(20);
        var world = new World(store, new(NearBytes, TimeSpan.FromSeconds(5), time), new(), new(SemanticBytes, time), new(time), new());
        output.WriteLine("| requests | seconds | working set | managed heap | Redis |");
        output.WriteLine("|---|---|---|---|---|");
        var watch = Stopwatch.StartNew();
        var most = 0L;
        for (var done = 0; done <= requests; done += requests / Rows)
        {
            if (done > 0) await SendAsync(world, done - requests / Rows, done);
            var used = await UsedAsync(client);
            most = Math.Max(most, used);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {done:N0} | {watch.Elapsed.TotalSeconds:0} | {Environment.WorkingSet / Megabyte} MiB | {GC.GetTotalMemory(forceFullCollection: true) / Megabyte} MiB | {used / Megabyte} MiB |"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nflights {world.Flights.Count}, beginnings of prompts {world.Prefixes.Count:N0}, entries refused for want of room {metrics.Faults.Where(f => f.Key == "no_room").Sum(f => f.Value.Value):N0}, other faults {metrics.Faults.Where(f => f.Key != "no_room").Sum(f => f.Value.Value):N0}"));
        // Redis counts its own overhead, of which the quota knows nothing.
        return world.Flights.Count == 0 && world.Prefixes.Count <= WarmPrefixes.Capacity && most < 2 * QuotaBytes;
    }

    private static async Task SendAsync(World world, int from, int to)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < to; i = Interlocked.Increment(ref next)) await OneAsync(world, i);
        })));
    }

    // A miss: nobody has it, it is answered, kept everywhere, and found by similar questions.
    private static async Task OneAsync(World world, int number)
    {
        var digest = CacheDigest.Of(BitConverter.GetBytes(number));
        var flight = world.Flights.Join(digest, mayLead: true, out var leads);
        if (world.Near.Find(digest) is not null || !leads) throw new InvalidOperationException("A request that was never sent is known.");
        var (_, dependencies) = await world.Store.LookAsync(world.Keys, digest, World.Fields);
        using var text = new QuestionText();
        QuestionReader.TryRead(string.Create(CultureInfo.InvariantCulture, $"Where is parcel number {number} of customer {number % 977}?"), 400, text);
        var vector = new float[LexicalEmbedder.Dimensions];
        LexicalEmbedder.TryEmbed(text, vector);
        var scope = CacheDigest.Of(BitConverter.GetBytes(number % 20));
        var row = new SemanticRow(digest, vector, text.Words.ToArray(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 3_600_000);
        world.Index.Put(world.Index.Of(scope), row);
        var reply = new CachedReply
        {
            CreatedAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), TtlSeconds = 3_600, LatencyUs = 1, CostNanoUsd = 1, DeploymentId = Guid.Empty, Deployment = "d", Provider = "p", ServedModel = "m",
            Body = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string((char)('a' + number % 26), ReplyBytes)}\"}}"),
        };
        world.Near.Add(digest, reply, world.Near.Generation);
        if (dependencies is not null) await world.Store.KeepAsync(new(world.Keys, digest, reply, dependencies, 3_600) { Row = row, Scope = scope }, QuotaBytes);
        world.Flights.End(flight!, FlightOutcome.Answered, reply);
        world.Prefixes.Note(new UInt128(1, (ulong)number), Guid.Empty, Guid.Empty);
        world.Tally.Hit(Guid.Empty, digest, "chat_completions", "m", 1);
    }

    private static async Task<long> UsedAsync(RedisClient client)
    {
        using var call = client.Rent();
        call.Begin(2);
        call.Arg("INFO");
        call.Arg("memory");
        await client.SendAsync(call);
        var line = Encoding.UTF8.GetString(call.Reply.Bytes).Split("\r\n").First(l => l.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line["used_memory:".Length..], CultureInfo.InvariantCulture);
    }

    private sealed record World(CacheStore Store, NearCache Near, FlightTable Flights, SemanticIndex Index, WarmPrefixes Prefixes, CacheTally Tally)
    {
        public static readonly string[] Fields = [CachePurge.All, CachePurge.OfModel("m")];

        public CacheKeys Keys { get; } = new(Guid.Parse("01990000-0000-7000-8000-000000000000"));
    }
}
