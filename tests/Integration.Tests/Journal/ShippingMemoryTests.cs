using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Journal;

/// <summary>What is counted is the memory of the whole process, so no other test may run in it meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class ShippingMemoryTests(StoresFixture stores) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task HundredThousandRecords_AreShippedInBoundedMemory()
    {
        const int Count = 100_000;
        var database = await stores.Postgres.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database, segmentBytes: 4 * 1024 * 1024);
        var batch = Enumerable.Range(0, 1_000).Select(_ => JournalRig.Record()).ToArray();
        rig.Request();
        await rig.EmptyAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = TimeProvider.System.GetTimestamp();
        for (var sent = 1; sent < Count; sent++)
        {
            var record = batch[sent % batch.Length];
            record.Id = Guid.CreateVersion7();
            // The keeper prepares room as fast as this disk allows; full speed means to wait for it here.
            while (!rig.Journal.TryAppend(new JournalClosing(record, default))) await Task.Delay(1);
        }
        await rig.EmptyAsync(seconds: 120);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.SendDiagnosticMessage($"100,000 records in {seconds:0.0} s: {Count / seconds:0}/s");
        Assert.Equal((long)Count, await JournalRig.ScalarAsync(database, "select count(*) from usage_records"));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 * 1024 * 1024);
    }
}
