using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Journal;

public sealed class ShippingTests(StoresFixture stores) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Record_WithEveryField_ArrivesAsItWas()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database);

        var full = rig.Request(change: r =>
        {
            r.UserId = "anna@example.org";
            r.Feature = "search \u00e4\u4e16\ud83d\ude00";
            r.Agent = "";
            r.Task = "summarise";
            r.FallbackChain = ["one", "two, with \"quotes\"", ""];
            r.PriceVersionId = Guid.CreateVersion7();
            r.CacheReadTokens = long.MaxValue;
            r.CacheWriteTokens = 1;
            r.ReasoningTokens = 2;
            r.TtftUs = 77;
            r.Error = "upstream_error";
            r.Estimated = true;
            r.Streamed = true;
            r.CacheHit = "exact";
            r.GuardrailsTriggered = ["pii"];
            r.Tags = """{"team": "blue"}""";
            r.Feedback = 0.75f;
            r.Units = """{"images": 2, "image_size": "1024x1024"}""";
            r.ServiceTier = "flex";
        });
        var bare = rig.Request(change: r =>
        {
            r.Model = r.Provider = r.Deployment = r.ServedModel = null;
            r.FallbackChain = [];
        }, journey: null);
        await rig.EmptyAsync();

        var stored = await JournalRig.RecordsAsync(database);
        Assert.Equal(JsonSerializer.Serialize(full), JsonSerializer.Serialize(stored.Single(r => r.Id == full.Id)));
        Assert.Equal(JsonSerializer.Serialize(bare), JsonSerializer.Serialize(stored.Single(r => r.Id == bare.Id)));
        Assert.Equal("""{"version":1,"revision":3}""", await JournalRig.ScalarAsync(database, "select document::text from journeys"));
        Assert.Equal(1L, await JournalRig.ScalarAsync(database, $"select count(*) from key_activity where key_id = '{full.KeyId}'"));
    }

    [Fact]
    public async Task LastUse_IsNotedAtOnce_ThenEveryTenSeconds()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database);
        var key = Guid.CreateVersion7();
        var first = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        foreach (var (after, noted) in new[] { (0, 0), (9, 0), (10, 10), (19, 10), (31, 31) })
        {
            rig.Request(change: r => (r.KeyId, r.At) = (key, first.AddSeconds(after)));
            await rig.EmptyAsync();
            Assert.Equal(first.AddSeconds(noted).UtcDateTime, await JournalRig.ScalarAsync(database, $"select last_used_at from key_activity where key_id = '{key}'"));
        }
    }

    [Fact]
    public async Task Records_ShippedAgain_StayAsTheyAre()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        const int Count = 300;
        await using (var rig = await JournalRig.StartAsync(folder, database))
        {
            for (var i = 0; i < Count; i++) rig.Request();
            await rig.EmptyAsync();
        }
        File.Delete(Path.Combine(folder, "checkpoint"));
        await using (var rig = await JournalRig.StartAsync(folder, database))
        {
            rig.Request();
            await rig.EmptyAsync();
            Assert.Equal(Count + 1, rig.Status.ShippedCount);
        }
        Assert.Equal(Count + 1, (await JournalRig.RecordsAsync(database)).Count);
        Assert.Equal((long)Count + 1, await JournalRig.ScalarAsync(database, "select count(*) from journeys"));
    }

    [Fact]
    public async Task Checkpoint_LeftBehindACommit_ChangesNothing()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        var checkpoint = Path.Combine(folder, "checkpoint");
        await using (var rig = await JournalRig.StartAsync(folder, database))
        {
            for (var i = 0; i < 50; i++) rig.Request();
            await rig.EmptyAsync();
            await Eventually.HoldsAsync(() => File.Exists(checkpoint), TimeSpan.FromSeconds(30), "a checkpoint");
        }
        var old = await File.ReadAllTextAsync(checkpoint);
        await using (var rig = await JournalRig.StartAsync(folder, database))
        {
            for (var i = 0; i < 50; i++) rig.Request();
            await rig.EmptyAsync();
        }
        // As if killed between the commit and the checkpoint: half of what is shipped again is there already.
        await File.WriteAllTextAsync(checkpoint, old);
        await using (var rig = await JournalRig.StartAsync(folder, database))
        {
            for (var i = 0; i < 50; i++) rig.Request();
            await rig.EmptyAsync();
        }
        Assert.Equal(150, (await JournalRig.RecordsAsync(database)).Count);
    }

    [Fact]
    public async Task Checkpoint_ThatCannotBeWritten_StopsNeitherShippingNorFreeingRoom()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint"));
        await using var rig = await JournalRig.StartAsync(folder, database, segmentBytes: 64 * 1024);
        for (var i = 0; i < 100; i++) rig.Request();
        var first = Directory.GetFiles(folder, "*.segment").Order(StringComparer.Ordinal).First();
        await Eventually.HoldsAsync(
            () =>
            {
                rig.Journal.TryAppend(new JournalClosing(JournalRig.Record(), default));
                return !File.Exists(first);
            }, TimeSpan.FromSeconds(30), "the first segment is gone");
        await rig.EmptyAsync();
        Assert.Single(rig.Log.All, l => l.Contains("checkpoint of the usage journal"));
    }

    [Fact]
    public async Task Requests_OpenWhenTheProcessEnds_BecomeOrphansOnce()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        List<UsageRecord> left = [];
        List<UsageRecord> done = [];
        await using (var rig = await JournalRig.StartAsync(folder, database, ships: false))
            for (var i = 0; i < 2_000; i++)
            {
                if (i % 10 == 0) left.Add(rig.Request(ends: false));
                else done.Add(rig.Request());
            }
        for (var start = 0; start < 3; start++)
        {
            if (start == 2) File.Delete(Path.Combine(folder, "checkpoint"));
            await using var rig = await JournalRig.StartAsync(folder, database, batchBytes: 64 * 1024);
            await rig.EmptyAsync();
        }
        var stored = await JournalRig.RecordsAsync(database);
        Assert.Equal(left.Concat(done).Select(r => r.Id).Order(), stored.Select(r => r.Id).Order());
        var orphans = stored.Where(r => r.Status == UsageStatuses.Orphaned).ToList();
        Assert.Equal(left.Select(r => r.Id).Order(), orphans.Select(r => r.Id).Order());
        Assert.All(orphans, o => Assert.Equal((500, true, 9, 90, 900), (o.StatusCode, o.Estimated, o.InputTokens, o.OutputTokens, o.CostNanoUsd)));
        Assert.Empty(Directory.GetFiles(folder, "*.segment"));
    }

    [Fact]
    public async Task Record_OfADayWithoutPartition_MakesIt()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database);
        var old = rig.Request(change: r => r.At = new DateTimeOffset(2024, 2, 29, 23, 59, 59, 999, TimeSpan.Zero));
        var next = rig.Request(change: r => r.At = new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await rig.EmptyAsync();
        Assert.Equal([old.At, next.At], (await JournalRig.RecordsAsync(database)).Select(r => r.At).Order());
        Assert.Equal(1L, await JournalRig.ScalarAsync(database, "select count(*) from usage_records_20240229"));
    }

    [Fact]
    public async Task Record_ThatPostgresRefuses_IsSetAsideAndTheOthersArrive()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        await JournalRig.ScalarAsync(database, "alter table usage_records add constraint no_poison check (error is distinct from 'poison')");
        await using var rig = await JournalRig.StartAsync(folder, database, ships: false);
        var poison = new List<UsageRecord>();
        for (var i = 0; i < 100; i++)
        {
            var record = rig.Request(change: r => r.Error = i is 13 or 77 ? "poison" : null);
            if (record.Error is not null) poison.Add(record);
        }
        await rig.DisposeAsync();
        await using var shipping = await JournalRig.StartAsync(folder, database);
        await shipping.EmptyAsync();

        Assert.Equal(98, (await JournalRig.RecordsAsync(database)).Count);
        Assert.Equal(2, shipping.Status.RejectedCount);
        foreach (var record in poison)
        {
            using var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "rejected", $"{record.Id:N}.json")));
            Assert.Equal("23514", kept.RootElement.GetProperty("sql_state").GetString());
            Assert.Equal(record.RequestId, kept.RootElement.GetProperty("record").GetProperty("request_id").GetString());
            Assert.Single(shipping.Log.All, l => l.Contains(record.Id.ToString()) && l.StartsWith("Error"));
        }
    }

    [Fact]
    public async Task Journey_ThatIsNoJson_DoesNotCostTheRecord()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database);
        var broken = rig.Request(journey: "{\"cut");
        var odd = rig.Request(change: r => r.UserId = "a\0b\ud800", journey: """{"x":"\u0000"}""");
        var tagged = rig.Request(change: r => r.Tags = "not json");
        await rig.EmptyAsync();
        var stored = await JournalRig.RecordsAsync(database);
        Assert.Equal(3, stored.Count);
        Assert.Equal("a?b\ufffd", stored.Single(r => r.Id == odd.Id).UserId);
        Assert.Equal(0, rig.Status.RejectedCount);
        Assert.True(File.Exists(Path.Combine(folder, "rejected", $"{broken.Id:N}.json")));
        Assert.True(File.Exists(Path.Combine(folder, "rejected", $"{tagged.Id:N}.json")));
    }

    [Fact]
    public async Task Segments_ThatAreShipped_GoAwayAlsoUnderALongRequest()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        var file = "";
        UsageRecord stream;
        await using (var rig = await JournalRig.StartAsync(folder, database, segmentBytes: 64 * 1024))
        {
            stream = rig.Request(ends: false);
            file = Directory.GetFiles(folder, "*.segment").Order(StringComparer.Ordinal).First();
            await Eventually.HoldsAsync(
                () =>
                {
                    for (var i = 0; i < 20; i++) Assert.True(rig.Journal.TryAppend(new JournalClosing(JournalRig.Record(), default)));
                    return !File.Exists(file);
                }, TimeSpan.FromSeconds(30), "the stream's first segment is gone");
            rig.Journal.Close(new JournalClosing(stream, default));
            await rig.EmptyAsync();
        }
        var stored = await JournalRig.RecordsAsync(database);
        Assert.Equal(UsageStatuses.Ok, stored.Single(r => r.Id == stream.Id).Status);
    }

    [Fact]
    public async Task DamagedSegment_IsKeptAsideAndTheRestOfItArrives()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        await using (var rig = await JournalRig.StartAsync(folder, database, ships: false))
            for (var i = 0; i < 200; i++) rig.Request();
        var segment = Directory.GetFiles(folder, "*.segment").Order(StringComparer.Ordinal).First();
        using (var file = File.OpenHandle(segment, FileMode.Open, FileAccess.Write)) RandomAccess.Write(file, new byte[100].AsSpan(), 30_000);
        await using (var rig = await JournalRig.StartAsync(folder, database))
        {
            await rig.EmptyAsync();
            await Eventually.HoldsAsync(() => Directory.GetFiles(folder, "*.damaged").Length == 1, TimeSpan.FromSeconds(30), "the segment is set aside");
            await Eventually.HoldsAsync(() => rig.Log.All.Count(l => l.Contains("damaged. What could")) == 1, TimeSpan.FromSeconds(30), "one line says so");
        }
        // A lost closing makes an orphan of its opening, a lost opening costs nothing.
        Assert.Equal(200, (await JournalRig.RecordsAsync(database)).Count);
    }
}
