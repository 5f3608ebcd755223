using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Journal;

public sealed class StoreOutageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Postgres_AwayForAWhile_GetsEverythingAfterwards()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        var database = await server.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database, segmentBytes: 64 * 1024);
        var ids = new List<Guid> { rig.Request().Id };
        await rig.EmptyAsync();

        await server.StopAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                for (var i = 0; i < 20; i++) ids.Add(rig.Request().Id);
                return ids.Count > 1_500 && rig.Status.IsStoreUp == false;
            }, TimeSpan.FromSeconds(30), "the outage is noticed");
        Assert.True(rig.Journal.Depth >= 1_500);
        Assert.True(rig.Status.OldestPendingAge > TimeSpan.Zero);
        await server.StartAsync();
        await rig.EmptyAsync();

        Assert.Equal(ids.Order(), (await JournalRig.RecordsAsync(database)).Select(r => r.Id).Order());
        Assert.Single(rig.Log.All, l => l.Contains("cannot be copied to Postgres"));
        // It is said once the journal has been tidied.
        await Eventually.HoldsAsync(() => rig.Log.All.Any(l => l.Contains("are copied to Postgres again")), TimeSpan.FromSeconds(30), "the line that says so");
        Assert.Single(rig.Log.All, l => l.Contains("are copied to Postgres again"));
        Assert.True(rig.Status.IsStoreUp);
        Assert.Equal(TimeSpan.Zero, rig.Status.OldestPendingAge);
    }

    [Fact]
    public async Task Postgres_Frozen_IsGivenUpAndServedAgainWhenItThaws()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        var database = await server.CreateDatabaseAsync();
        await using var rig = await JournalRig.StartAsync(folder, database);
        var ids = new List<Guid> { rig.Request().Id };
        await rig.EmptyAsync();

        await server.FreezeAsync();
        ids.Add(rig.Request().Id);
        await Eventually.HoldsAsync(() => rig.Status.IsStoreUp == false, TimeSpan.FromSeconds(30), "the freeze is noticed");
        await server.ThawAsync();
        await rig.EmptyAsync();

        Assert.Equal(ids.Order(), (await JournalRig.RecordsAsync(database)).Select(r => r.Id).Order());
    }
}
