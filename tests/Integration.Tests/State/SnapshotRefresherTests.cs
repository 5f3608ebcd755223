using AspireGateway.Gateway.State;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.State;

[Collection(nameof(Alone))]
public sealed class SnapshotRefresherTests(StoresFixture stores, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private string connectionString = null!;
    private ConfigurationWriter writer = null!;
    private Guid organisation, team;

    public async ValueTask InitializeAsync()
    {
        connectionString = await stores.Postgres.CreateDatabaseAsync();
        writer = new ConfigurationWriter(connectionString);
        organisation = await writer.AddOrganisationAsync("acme");
        team = await writer.AddTeamAsync(organisation, "research");
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    [Fact]
    public async Task Revocation_WithTwoGateways_IsSeenByBothWithinASecond()
    {
        await using var first = await StateHost.StartAsync(connectionString);
        await using var second = await StateHost.StartAsync(connectionString);
        var times = new List<double>();

        for (var i = 0; i < 30; i++)
        {
            var secret = $"agw-{i}";
            var key = await writer.AddKeyAsync(organisation, team, secret);
            await Eventually.HoldsAsync(() => first.Find(secret) is { RevokedAt: null } && second.Find(secret) is { RevokedAt: null }, Soon, "both know the key");
            await writer.RevokeKeyAsync(organisation, key);
            var took = await Eventually.HoldsAsync(
                () => first.Find(secret)?.RevokedAt is not null && second.Find(secret)?.RevokedAt is not null, TimeSpan.FromSeconds(1), "both see the revocation");
            times.Add(took.TotalMilliseconds);
        }
        times.Sort();
        output.WriteLine($"revocation seen by both: p50 {times[times.Count / 2]:0.0} ms, max {times[^1]:0.0} ms");
    }

    [Fact]
    public async Task ChangesInQuickSuccession_AreAllSeenWithinASecond()
    {
        await using var state = await StateHost.StartAsync(connectionString);
        await Eventually.HoldsAsync(() => state.Holder.Current is not null, Soon, "a snapshot");

        // Each second change is committed somewhere within the load that the first one started; its announcement comes with the answer to that load.
        for (var i = 0; i < 150; i++)
        {
            var secret = $"agw-quick-{i}";
            await writer.AddKeyAsync(organisation, team, secret + "-first");
            await writer.AddKeyAsync(organisation, team, secret);
            await Eventually.HoldsAsync(() => state.Find(secret) is not null, TimeSpan.FromSeconds(1), $"change {i} is seen");
        }
    }

    [Fact]
    public async Task Listener_Killed_ListensAgain()
    {
        await using var state = await StateHost.StartAsync(connectionString);
        await Eventually.HoldsAsync(() => state.Holder.Current is not null, Soon, "a snapshot");

        await stores.Postgres.DisconnectAllAsync(connectionString);
        await writer.AddKeyAsync(organisation, team, "agw-after");

        await Eventually.HoldsAsync(() => state.Find("agw-after") is not null, SnapshotRefresher.PollEvery, "the change is seen");
        Assert.Single(state.Lines, line => line.StartsWith("Warning: Configuration store lost (unreachable)", StringComparison.Ordinal));
        Assert.Single(state.Lines, line => line.StartsWith("Information: Configuration store back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Notification_NeverSent_IsMadeUpForByThePoll()
    {
        await using var state = await StateHost.StartAsync(connectionString);
        await Eventually.HoldsAsync(() => state.Holder.Current is not null, Soon, "a snapshot");

        await writer.ExecuteAsync("alter table configuration_state disable trigger announce_configuration");
        await writer.AddKeyAsync(organisation, team, "agw-quiet");

        await Eventually.HoldsAsync(() => state.Find("agw-quiet") is not null, SnapshotRefresher.PollEvery + TimeSpan.FromSeconds(1), "the change is seen");
    }

    [Fact]
    public async Task Reload_Faulty_IsCountedAndLoggedAndTheRestServes()
    {
        await using var state = await StateHost.StartAsync(connectionString);
        await Eventually.HoldsAsync(() => state.Holder.Current is not null, Soon, "a snapshot");

        var broken = await writer.AddProviderAsync(organisation, "broken", "https://user:secret@example.com");
        await writer.AddKeyAsync(organisation, team, "agw-later");

        await Eventually.HoldsAsync(() => state.Find("agw-later") is not null, Soon, "the later change is seen");
        Assert.Equal((1, 1, 1), (state.Status.ReloadFailures, state.Status.Faults, state.Status.CurrentFaults));
        // It is said after the snapshot serves.
        await Eventually.HoldsAsync(() => state.Lines.Any(line => line.StartsWith("Error: Configuration fault", StringComparison.Ordinal)), Soon, "the fault is said");
        var line = Assert.Single(state.Lines, line => line.StartsWith("Error: Configuration fault", StringComparison.Ordinal));
        Assert.Contains(broken.ToString(), line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_NotThereYet_IsSaidAndWaitedFor()
    {
        await writer.ExecuteAsync("alter table configuration_state rename to configuration_state_later");
        await using var state = await StateHost.StartAsync(connectionString);
        await Eventually.HoldsAsync(() => state.Status.LastError == "schema", Soon, "the missing schema is noticed");
        await Eventually.HoldsAsync(() => state.Lines.Any(line => line.Contains("run the migration", StringComparison.Ordinal)), Soon, "the log says what to do");

        await writer.ExecuteAsync("alter table configuration_state_later rename to configuration_state");

        await Eventually.HoldsAsync(() => state.Status is { Source: "postgres", LastError: null }, Soon, "the configuration is read");
    }
}
