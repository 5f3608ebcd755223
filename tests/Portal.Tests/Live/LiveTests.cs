using AspireGateway.Portal.Live;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;

namespace AspireGateway.Portal.Tests.Live;

/// <summary>Open pages hear of changes, of whichever process made them, and again after the database was away.</summary>
public sealed class LiveTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Signal_ReachesThoseWhoFollowIt_OnceForManyAndNoneAfterTheEnd()
    {
        var signals = new LiveSignals();
        using var usage = signals.Follow(LiveSubjects.Usage);
        using var both = signals.Follow(LiveSubjects.Usage | LiveSubjects.Configuration);
        for (var i = 0; i < 5; i++) signals.Raise(LiveSubjects.Configuration);

        Assert.True(await both.NextAsync(default));
        var (second, other) = (both.NextAsync(default).AsTask(), usage.NextAsync(default).AsTask());
        Assert.False(second.IsCompleted || other.IsCompleted);
        signals.Raise(LiveSubjects.Usage);
        Assert.True(await second && await other);

        var last = usage.NextAsync(default).AsTask();
        usage.Dispose();
        Assert.False(await last);
        Assert.Equal(1, signals.Followers);
        using var left = new CancellationTokenSource();
        var waiting = both.NextAsync(left.Token).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Listener_HearsConfigurationAndUsage_AndGoesOnAfterItsConnectionDied()
    {
        var signals = portal.Get<LiveSignals>();
        using var configuration = signals.Follow(LiveSubjects.Configuration);
        using var usage = signals.Follow(LiveSubjects.Usage);
        await HeardAsync(configuration, () => portal.ExecuteAsync("update configuration_state set revision = revision + 1"));

        var world = await RollUpWorld.StartAsync(portal, new Random(2));
        await HeardAsync(usage, async () =>
        {
            await world.AddAsync(world.Record(PortalHost.Now().AddMinutes(-1)));
            await world.RollAsync();
        });

        const string Listeners = "from pg_stat_activity where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()";
        await portal.ExecuteAsync($"select pg_terminate_backend(pid) {Listeners}");
        await HeardAsync(configuration, () => portal.ExecuteAsync("update configuration_state set revision = revision + 1"));
    }

    // The listener begins by itself, so the first announcements may come before it: they are made until one is heard.
    private static async Task HeardAsync(LiveSubscription subscription, Func<Task> change)
    {
        using var limit = new CancellationTokenSource(Patience);
        var heard = subscription.NextAsync(limit.Token).AsTask();
        while (!heard.IsCompleted)
        {
            await change();
            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token));
        }
        Assert.True(await heard);
    }
}
