using AspireGateway.Gateway.State;
using AspireGateway.Integration.Tests.Stores;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Integration.Tests.State;

public sealed class StoreOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly string folder = Directory.CreateTempSubdirectory("agw-state-").FullName;
    private PostgresServer server = null!;
    private string connectionString = null!;
    private ConfigurationWriter writer = null!;
    private Guid organisation, team;

    public async ValueTask InitializeAsync()
    {
        server = await PostgresServer.StartPrivateAsync();
        connectionString = await server.CreateDatabaseAsync();
        writer = new ConfigurationWriter(connectionString);
        organisation = await writer.AddOrganisationAsync("acme");
        team = await writer.AddTeamAsync(organisation, "research");
        await writer.AddKeyAsync(organisation, team, "agw-one");
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Postgres_StoppedAndStarted_ServesOnAndCatchesUp()
    {
        await using var state = await RunningAsync();
        Assert.Equal(HealthStatus.Healthy, await state.ReadinessAsync());

        await server.StopAsync();
        await Eventually.HoldsAsync(() => !state.Status.StoreUp, Soon, "the loss is noticed");
        // Several retries long, so that a line per retry would show.
        await Eventually.HoldsAsync(() => state.Status.Age > TimeSpan.FromSeconds(2), Soon, "two seconds without the store");
        Assert.NotNull(state.Find("agw-one"));
        Assert.Equal("postgres", state.Status.Source);
        Assert.Equal(0, state.Status.ReloadFailures);
        Assert.Equal(HealthStatus.Degraded, await state.ReadinessAsync());

        await server.StartAsync();
        await writer.AddKeyAsync(organisation, team, "agw-two");
        await Eventually.HoldsAsync(() => state.Find("agw-two") is not null, Soon, "the change after the outage is seen");
        Assert.Equal((true, (string?)null), (state.Status.StoreUp, state.Status.LastError));
        Assert.Single(state.Lines, line => line.Contains("store lost", StringComparison.Ordinal));
        Assert.Single(state.Lines, line => line.Contains("store back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Postgres_Frozen_ServesOnAndCatchesUp()
    {
        await using var state = await RunningAsync();

        await server.FreezeAsync();
        await Eventually.HoldsAsync(() => !state.Status.StoreUp, TimeSpan.FromSeconds(20), "the loss is noticed");
        Assert.NotNull(state.Find("agw-one"));
        await server.ThawAsync();

        await writer.AddKeyAsync(organisation, team, "agw-two");
        await Eventually.HoldsAsync(() => state.Find("agw-two") is not null, Soon, "the change after the freeze is seen");
    }

    [Fact]
    public async Task Start_WithoutPostgres_ServesTheLastGoodCopyUntilItIsBack()
    {
        string before;
        await using (var first = await RunningAsync()) before = SnapshotText.Of(first.Holder.Current!);
        await server.StopAsync();

        await using var state = await StateHost.StartAsync(connectionString, folder);
        await Eventually.HoldsAsync(() => state.Holder.Current is not null, Soon, "the copy on disk is read");
        Assert.Equal(before, SnapshotText.Of(state.Holder.Current!));
        Assert.Equal(("disk", true, false), (state.Status.Source, state.Holder.Current!.FromDisk, state.Status.StoreUp));
        Assert.Equal(HealthStatus.Degraded, await state.ReadinessAsync());

        await server.StartAsync();
        await Eventually.HoldsAsync(() => state.Status.Source == "postgres", Soon, "Postgres is read");
        Assert.False(state.Holder.Current!.FromDisk);
        Assert.Equal(HealthStatus.Healthy, await state.ReadinessAsync());
    }

    [Fact]
    public async Task Start_WithoutPostgresAndWithoutCopy_WaitsUnready()
    {
        await server.StopAsync();
        await using var state = await StateHost.StartAsync(connectionString, folder);
        await Eventually.HoldsAsync(() => state.Status.LastError == "unreachable", Soon, "the failure is noticed");
        Assert.Null(state.Holder.Current);
        Assert.Equal(HealthStatus.Unhealthy, await state.ReadinessAsync());

        await server.StartAsync();
        await Eventually.HoldsAsync(() => state.Find("agw-one") is not null, Soon, "the configuration is read");
        Assert.Equal(HealthStatus.Healthy, await state.ReadinessAsync());
    }

    [Fact]
    public async Task Start_WithoutPostgresAndWithADamagedCopy_IgnoresItAndSaysSo()
    {
        await using (await RunningAsync())
        {
        }
        var path = Path.Combine(folder, "snapshot.bin");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await server.StopAsync();

        await using var state = await StateHost.StartAsync(connectionString, folder);

        await Eventually.HoldsAsync(() => state.Lines.Any(line => line.Contains("damaged", StringComparison.Ordinal)), Soon, "the damage is said");
        Assert.Null(state.Holder.Current);
    }

    [Fact]
    public async Task Copy_AfterAChange_IsOnDiskWithoutAStop()
    {
        await using var state = await RunningAsync();
        var file = new SnapshotFile(folder);
        await Eventually.HoldsAsync(() => file.Read().Snapshot is not null, Soon, "the first copy is written");

        await writer.AddKeyAsync(organisation, team, "agw-two");

        await Eventually.HoldsAsync(() => file.Read().Snapshot?.Keys.Count == 2, Soon, "the copy holds the change");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "snapshot.bin")));
    }

    private async Task<StateHost> RunningAsync()
    {
        var state = await StateHost.StartAsync(connectionString, folder);
        await Eventually.HoldsAsync(() => state.Find("agw-one") is not null, Soon, "the configuration is read");
        return state;
    }
}
