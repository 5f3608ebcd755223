using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Budgets as callers meet them. A token costs 150 nano-USD in and 600 out.</summary>
public sealed class BudgetTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task UsedUp_RefusesWith402AndItsNumbers_InBothDialects()
    {
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 400_000);
        await world.AppliedAsync(gateway);
        var served = 0;
        HttpResponseMessage response;
        while ((response = await gateway.ChatAsync(key.Secret, Ask.Body())).StatusCode == HttpStatusCode.OK)
        {
            Assert.True(served++ < 100);
            await response.Content.ReadAsStringAsync();
            // What was answered is settled a moment later, and gives back what it held beyond its cost.
            await Eventually.HoldsAsync(async () => (await world.ReadAsync(budget)).Held == 0, Patience, "nothing is held");
        }

        Assert.True(served > 0);
        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        var (code, message) = await Ask.ErrorAsync(response);
        Assert.Equal("budget_exceeded", code);
        Assert.Matches("^The monthly budget of key '.*' has no room: \\$0\\.0[0-9]+ of \\$0\\.0004 settled, \\$[0-9.]+ held by running requests, \\$[0-9.]+ left; this request needs at least \\$0\\.000[0-9]+\\. It renews at ", message);
        using var messages = await Ask.MessagesAsync(gateway, key.Secret, Ask.Body());
        Assert.Equal(HttpStatusCode.PaymentRequired, messages.StatusCode);
        Assert.Equal("billing_error", (await messages.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("type").GetString());
        await SettledAsync(budget, key.Id);
        Assert.InRange((await world.ReadAsync(budget)).Settled, 1, 400_000);
    }

    [Fact]
    public async Task MaxTokens_AreCutToWhatIsAffordable_AndTheProviderIsTold()
    {
        var key = await world.AddKeyAsync();
        // The input of such a request is held at some 180,000; the rest are a few hundred output tokens.
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Total, 400_000);
        await world.AppliedAsync(gateway);

        using (var cut = await gateway.ChatAsync(key.Secret, Ask.Body("dear", "body-bytes=40000", maxTokens: 4_000)))
        {
            Assert.Equal(HttpStatusCode.OK, cut.StatusCode);
            var most = long.Parse(Ask.Header(cut, "x-gateway-max-tokens-clamped"), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(most, 64, 400_000 / 600);
            Assert.Equal(most, AskedUpstream("dear"));
            Assert.Equal(most, (await cut.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage").GetProperty("completion_tokens").GetInt64());
        }
        await SettledAsync(budget, key.Id);
        Assert.InRange((await world.ReadAsync(budget)).Settled, 64 * 600, 400_000);

        var other = await world.AddKeyAsync();
        await world.BudgetAsync(ScopeKinds.Key, other.Id.ToString(), BudgetPeriods.Total, 400_000);
        await world.AppliedAsync(gateway);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, other.Secret, Ask.Body("without a cap", "body-bytes=40000", maxTokens: null)));
        Assert.InRange(AskedUpstream("without a cap"), 64, 400_000 / 600);
    }

    [Fact]
    public async Task SoftBudget_IsAnnouncedOnceForEachThreshold_OverTwoGateways_AndRefusesNobody()
    {
        await using var second = await world.StartGatewayAsync("second", SpendingWorld.Patient);
        var key = await world.AddKeyAsync();
        // An answer of 100 tokens costs some 63,000: ten of them.
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Daily, 630_000, BudgetActions.Soft);
        await world.AppliedAsync(gateway, second);

        for (var round = 0; round < 5; round++)
        {
            var calls = Enumerable.Range(0, 8).Select(i => Ask.StatusAsync(i % 2 == 0 ? gateway : second, key.Secret, Ask.Body(directives: "body-bytes=400", maxTokens: 100)));
            Assert.All(await Task.WhenAll(calls), answer => Assert.Equal((200, null), answer));
        }
        await SettledAsync(budget, key.Id);

        Assert.True((await world.ReadAsync(budget)).Settled > 2 * 630_000);
        List<(int Threshold, long Settled)> events = [];
        await Eventually.HoldsAsync(async () => (events = await EventsAsync(budget)).Count >= 3, Patience, "the thresholds are recorded");
        Assert.Equal([50, 80, 100], events.Select(passed => passed.Threshold));
        Assert.All(events, passed => Assert.True(passed.Settled * 100 >= 630_000L * passed.Threshold));
    }

    [Fact]
    public async Task Downgrade_SendsToTheCheaperModel_WhichMayGoOnSpending()
    {
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Daily, 0, BudgetActions.Downgrade, "small");
        await world.AppliedAsync(gateway);

        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.ChatAsync(key.Secret, Ask.Body(model: "chain"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(
                ("small", "chain", "budget_downgrade"),
                (Ask.Header(response, "x-gateway-model"), Ask.Header(response, "x-gateway-downgraded-from"), Ask.Header(response, "x-gateway-route-reason")));
        }
        using (var asked = await gateway.ChatAsync(key.Secret, Ask.Body()))
        {
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
            Assert.False(asked.Headers.Contains("x-gateway-downgraded-from"));
        }
        await SettledAsync(budget, key.Id);
        Assert.True((await world.ReadAsync(budget)).Settled > 0);
    }

    [Fact]
    public async Task KillSwitch_StopsEveryGatewayAtOnce_AndLetsGo()
    {
        await using var second = await world.StartGatewayAsync("stopped", SpendingWorld.Patient);
        var id = await world.StopAsync(ScopeKinds.Feature, "runaway", "it loops");
        var took = await Task.WhenAll(((GatewayProcess[])[gateway, second]).Select(one => AnswersAsync(one, (403, "scope_stopped"))));
        // A second is what is promised; a slow machine gets five.
        Assert.All(took, time => Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        TestContext.Current.TestOutputHelper!.WriteLine($"stopped after {string.Join(", ", took.Select(time => $"{time.TotalMilliseconds:0} ms"))}");

        using (var response = await gateway.ChatAsync(world.World.Key, Ask.Body(), headers: ("x-gateway-feature", "runaway")))
            Assert.StartsWith("Feature 'runaway' is stopped: it loops.", (await Ask.ErrorAsync(response)).Message, StringComparison.Ordinal);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, headers: ("x-gateway-feature", "other")));
        await world.World.Configuration.WriteAsync([new(Shared.Domain.ConfigurationKinds.KillSwitch, id, world.World.Organisation)], "delete from kill_switches where id = $1", id);
        await Task.WhenAll(AnswersAsync(gateway, (200, null)), AnswersAsync(second, (200, null)));
    }

    [Fact]
    public async Task Raise_LetsRequestsThrough_UntilItEnds()
    {
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 0);
        await world.AppliedAsync(gateway);
        Assert.Equal((402, "budget_exceeded"), await Ask.StatusAsync(gateway, key.Secret));
        var until = DateTimeOffset.UtcNow.AddSeconds(8);
        await world.World.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.Budget, budget, world.World.Organisation)],
            """
            insert into budget_raises (id, organisation_id, budget_id, amount_nano_usd, until, reason, created_at, created_by)
            values ($1, $2, $3, 10000000, $4, 'the launch', now(), 'test')
            """,
            Guid.CreateVersion7(), world.World.Organisation, budget, until);

        await Eventually.HoldsAsync(async () => await Ask.StatusAsync(gateway, key.Secret) == (200, null), TimeSpan.FromSeconds(8), "the raise lets requests through");
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await Ask.StatusAsync(gateway, key.Secret, Ask.Body(maxTokens: 1));
                return answer == (402, "budget_exceeded");
            },
            Patience, "the raise has ended");
        Assert.True(DateTimeOffset.UtcNow >= until);
        Assert.InRange((await world.ReadAsync(budget)).Settled, 1, 10_000_000);
    }

    [Fact]
    public async Task NewBudget_CountsWhatWasSpentInItsWindow_AndWhatWasRunningOnce()
    {
        var key = await world.AddKeyAsync();
        await world.AppliedAsync(gateway);
        for (var i = 0; i < 3; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
        var running = Ask.StatusAsync(gateway, key.Secret, Ask.Body("runs still", "latency-ms=3000"));
        await world.World.Simulator.WaitForRequestAsync(request => Text(request).Contains("runs still", StringComparison.Ordinal), Patience);

        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000, createdAt: DateTimeOffset.UtcNow);
        for (var i = 0; i < 3; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
        Assert.Equal((200, null), await running);
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
                return (await world.ReadAsync(budget)).Settled > 0;
            },
            Patience, "the budget counts");
        await SettledAsync(budget, key.Id);

        Assert.True((await world.World.RecordsAsync()).Count(record => record.KeyId == key.Id && record.CostNanoUsd > 0) >= 8);
    }

    [Fact]
    public async Task HoldPolicies_HoldTheWorst_TheUsual_OrRefuseNothing()
    {
        var keys = new Dictionary<string, (Guid Id, string Secret)>(StringComparer.Ordinal);
        foreach (var policy in HoldPolicies.All) keys[policy] = await world.AddKeyAsync($"hold_policy = '{policy}'");
        var budgets = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var policy in HoldPolicies.All)
            budgets[policy] = await world.BudgetAsync(ScopeKinds.Key, keys[policy].Id.ToString(), BudgetPeriods.Total, policy == HoldPolicies.Soft ? 0 : 1_000_000_000);
        await world.AppliedAsync(gateway);
        // Enough answers of ten tokens to know what is usual.
        foreach (var policy in HoldPolicies.All)
            for (var i = 0; i < 20; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, keys[policy].Secret, Ask.Body(directives: "body-bytes=40", maxTokens: 4_000)));
        foreach (var policy in HoldPolicies.All) await SettledAsync(budgets[policy], keys[policy].Id);

        var held = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var policy in HoldPolicies.All)
        {
            using var leaving = new CancellationTokenSource();
            var call = gateway.ChatAsync(keys[policy].Secret, Ask.Body(directives: "stall-before-first", maxTokens: 4_000), cancellationToken: leaving.Token);
            await Eventually.HoldsAsync(async () => (held[policy] = (await world.ReadAsync(budgets[policy])).Held) > 0, Patience, "it holds something");
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        // All bytes and more as input, all tokens as output; else ten tokens and what the prompt probably has.
        Assert.InRange(held[HoldPolicies.Exact], 4_000 * 600 + 1_024 * 150, 4_000 * 600 + 2_000 * 150);
        Assert.InRange(held[HoldPolicies.Learned], 10 * 600, 200 * 600);
        Assert.InRange(held[HoldPolicies.Soft], 1, 400 * 600);
        Assert.True((await world.ReadAsync(budgets[HoldPolicies.Soft])).Settled > 0);
    }

    private Task<TimeSpan> AnswersAsync(GatewayProcess one, (int, string?) expected) => Eventually.HoldsAsync(
        async () => await Ask.StatusAsync(one, world.World.Key, headers: ("x-gateway-feature", "runaway")) == expected, Patience, $"the answer is {expected}");

    private Task<TimeSpan> SettledAsync(Guid budget, Guid key) => Eventually.HoldsAsync(
        async () => await world.ReadAsync(budget) is var (settled, held) && held == 0
            && settled == (await world.World.RecordsAsync()).Where(record => record.KeyId == key).Sum(record => record.CostNanoUsd),
        Patience, "nothing is held and what is settled are the key's records");

    private async Task<List<(int Threshold, long Settled)>> EventsAsync(Guid budget)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(world.World.Database);
        await using var command = source.CreateCommand("select threshold, settled_nano_usd from budget_events where budget_id = $1 order by threshold");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = budget });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<(int, long)>();
        while (await reader.ReadAsync()) events.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return events;
    }

    private long AskedUpstream(string text) => JsonDocument.Parse(
        world.World.Simulator.Requests.Last(request => Text(request).Contains(text, StringComparison.Ordinal)).Body!).RootElement
        is var asked && asked.TryGetProperty("max_completion_tokens", out var cap) ? cap.GetInt64() : asked.GetProperty("max_tokens").GetInt64();

    private static string Text(Simulator.Recording.RecordedRequest request) => request.Body is { } body ? Encoding.UTF8.GetString(body) : "";
}
