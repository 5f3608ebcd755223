using System.Diagnostics;
using System.Net;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Limits over replicas: four gateways admit what one would.</summary>
public sealed class ReplicaLimitTests(StoresFixture stores, ITestOutputHelper output)
{
    [Fact]
    public async Task SixtyAMinute_OfferedTenTimesThat_OverFourGateways_AdmitsSixtySix()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.LimitAsync(ScopeKinds.Key, world.World.KeyId.ToString(), LimitUnits.Requests, 60, LimitPeriods.Minute);
        var fleet = await GatewayFleet.StartAsync(world);
        var statuses = new List<Task<(int Status, string? Code)>>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 600 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(59.5); i++)
        {
            statuses.Add(Ask.StatusAsync(fleet[i % fleet.Count], world.World.Key));
            await timer.WaitForNextTickAsync();
        }
        var seen = await Task.WhenAll(statuses);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var admitted = seen.Count(answer => answer.Status == 200);

        // The burst of six, and one a second. Fewer when the machine was too slow to ask in time.
        Assert.InRange(admitted, 50, 6 + (int)Math.Ceiling(seconds));
        Assert.All(seen, answer => Assert.Contains(answer, ((int, string?)[])[(200, null), (429, "rate_limit_exceeded"), (503, "store_unavailable")]));
        Assert.True(seen.Length > 300, "too little was offered to say anything");
        output.WriteLine($"{admitted} of {seen.Length} admitted in {seconds:0.0} s");
    }

    [Fact]
    public async Task Concurrency_OverFourGateways_IsExact_AndFreeAgainWhenCallersLeave()
    {
        const int Limit = 5, Callers = 40;
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        await world.LimitAsync(ScopeKinds.Team, world.World.Team.ToString(), LimitUnits.Concurrency, Limit);
        var fleet = await GatewayFleet.StartAsync(world);

        for (var round = 1; round <= 3; round++)
        {
            using var leaving = new CancellationTokenSource();
            var text = $"round {round}";
            // Ask until the limit is full and everybody else was refused; the provider lets those that got through wait.
            var calls = Enumerable.Range(0, Callers)
                .Select(i => fleet[i % fleet.Count].ChatAsync(world.World.Key, Ask.Body(text, "stall-before-first"), cancellationToken: leaving.Token)).ToList();
            await Eventually.HoldsAsync(() => calls.Count(call => call.IsCompleted) == Callers - Limit && world.World.Simulator.Requests.Count == round * Limit, TimeSpan.FromSeconds(30), "five run, the others were refused");
            foreach (var call in calls.Where(call => call.IsCompleted))
            {
                using var refused = await call;
                var (code, message) = await Ask.ErrorAsync(refused);
                Assert.Equal((HttpStatusCode.TooManyRequests, "concurrency_exceeded"), (refused.StatusCode, code));
                Assert.NotNull(refused.Headers.RetryAfter);
                Assert.Contains("Team 'blue' runs 5 of at most 5 requests at the same time", message, StringComparison.Ordinal);
            }
            Assert.Equal(Limit, await world.HoldsAsync());
            await leaving.CancelAsync();
            await world.HoldsAsync(0);
        }
        Assert.Equal(3 * Limit, world.World.Simulator.Requests.Count);
    }
}
