using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Whole configurations as companies write them, in our rows: each rule holds where it says, and only there.</summary>
public sealed class ExampleConfigurationTests(StoresFixture stores)
{
    private const long Dollar = 1_000_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// An organisation of $1,000 a day and $25,000 a month that is told at 80 %, engineering with $500 and research with $300 a day, every user with $50 a day.
    /// </summary>
    [Fact]
    public async Task Budgets_OfOrganisationTeamsAndUsers()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var configuration = world.World.Configuration;
        // An output token costs a cent, so that an answer of a hundred tokens is a dollar.
        foreach (var deployment in await configuration.IdsAsync("select id from deployments"))
            await configuration.AddPriceAsync(world.World.Organisation, deployment, """{"input":0,"cache_read":0,"output":10000000000000}""", DateTimeOffset.UtcNow.AddDays(-1));
        var (engineering, research) = (await TeamAsync(world, "engineering"), await TeamAsync(world, "research"));
        var daily = await world.BudgetAsync(ScopeKinds.Organisation, null, BudgetPeriods.Daily, 1_000 * Dollar);
        await world.BudgetAsync(ScopeKinds.Organisation, null, BudgetPeriods.Monthly, 25_000 * Dollar);
        await configuration.ExecuteAsync("update budgets set thresholds = '{80}'");
        await world.BudgetAsync(ScopeKinds.Team, engineering.Id.ToString(), BudgetPeriods.Daily, 500 * Dollar);
        await world.BudgetAsync(ScopeKinds.Team, research.Id.ToString(), BudgetPeriods.Daily, 300 * Dollar);
        await world.BudgetAsync(ScopeKinds.User, null, BudgetPeriods.Daily, 50 * Dollar);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();

        // $40, then $10 of the $20 that are asked for; another user is not concerned.
        Assert.Equal(40, await SpendAsync(world, gateway, research.Key, 40, "anna"));
        Assert.Equal(10, await SpendAsync(world, gateway, research.Key, 20, "anna"));
        await RefusedAsync(gateway, research.Key, "anna", "The daily budget of user 'anna' has no room: $50 of $50 settled");
        for (var user = 1; user <= 6; user++) Assert.Equal(40, await SpendAsync(world, gateway, research.Key, 40, $"user-{user}"));
        Assert.Equal(10, await SpendAsync(world, gateway, research.Key, 40, "user-7"));
        await RefusedAsync(gateway, research.Key, "user-8", "The daily budget of team 'research' has no room: $300 of $300 settled");
        for (var user = 11; user <= 22; user++) Assert.Equal(40, await SpendAsync(world, gateway, engineering.Key, 40, $"user-{user}"));
        Assert.Equal(20, await SpendAsync(world, gateway, engineering.Key, 40, "user-23"));
        await RefusedAsync(gateway, engineering.Key, "user-24", "The daily budget of team 'engineering' has no room: $500 of $500 settled");
        // A team without a budget of its own may use what the organisation has left: $200.
        for (var user = 31; user <= 35; user++) Assert.Equal(40, await SpendAsync(world, gateway, world.World.Key, 40, $"user-{user}"));
        await RefusedAsync(gateway, world.World.Key, "user-36", "The daily budget of organisation 'acme' has no room: $1000 of $1000 settled");

        await Eventually.HoldsAsync(
            async () => (await configuration.IdsAsync("select budget_id from budget_events where threshold = 80 and settled_nano_usd >= $1", 800 * Dollar)).Contains(daily), Patience, "80 % are recorded");
        Assert.Equal((1_000 * Dollar, 0), await world.ReadAsync(daily));
        await world.SettledAsync(daily, Patience);
    }

    /// <summary>
    /// 1,000 requests an hour for each user, 100,000 tokens an hour for a team, 10,000 requests an hour for a feature, a provider's quota for a model, a cap on
    /// everything; and what a limit does may be to refuse, to queue or to take a cheaper model.
    /// </summary>
    [Fact]
    public async Task Limits_OfUserTeamFeatureModelAndAll()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        var (team, other) = (await TeamAsync(world, "tokens"), await TeamAsync(world, "others"));
        await world.LimitAsync(ScopeKinds.User, null, LimitUnits.Requests, 1_000, LimitPeriods.Hour);
        await world.LimitAsync(ScopeKinds.Team, team.Id.ToString(), LimitUnits.Tokens, 100_000, LimitPeriods.Hour);
        await world.LimitAsync(ScopeKinds.Feature, null, LimitUnits.Requests, 10_000, LimitPeriods.Hour);
        await world.LimitAsync(ScopeKinds.Feature, "batch", LimitUnits.Concurrency, 1, onLimit: LimitActions.Queue, queueMs: 60_000);
        await world.LimitAsync(ScopeKinds.Model, "chain", LimitUnits.Requests, 20, LimitPeriods.Hour, LimitActions.Downgrade, downgradeModel: "small");
        await world.LimitAsync(ScopeKinds.Global, null, LimitUnits.Concurrency, 8);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();
        await world.OpenedAsync(isWide: true);

        // A tenth of it at once, and one more for each 3.6 s that have passed.
        var (served, seconds) = await UntilRefusedAsync(world, gateway, world.World.Key, Ask.Body(), "User 'anna' is at its limit of 1,000 requests per hour", ("x-gateway-user", "anna"));
        Assert.InRange(served, 100, 100 + (int)(seconds / 3.6) + 1);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, headers: ("x-gateway-user", "bob")));

        // 10,000 tokens at once: twenty answers of 500; the prompt is a few more, the estimate may be another one.
        (served, _) = await UntilRefusedAsync(world, gateway, team.Key, Ask.Body(directives: "body-bytes=2000", maxTokens: 500), "Team 'tokens' is at its limit of 100,000 tokens per hour");
        Assert.InRange(served, 15, 24);

        // Two at once, a tenth of twenty.
        for (var i = 1; i <= 4; i++)
        {
            using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: "chain"));
            Assert.Equal(i <= 2 ? "chain" : "small", Ask.Header(response, "x-gateway-model"));
        }

        // One of a feature runs, the second waits for it.
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Ask.StatusAsync(gateway, world.World.Key, Ask.Body("batch", "latency-ms=300"), ("x-gateway-feature", "batch"))));
        Assert.All(both, answer => Assert.Equal((200, null), answer));
        var runs = world.World.Simulator.Requests.TakeLast(2).ToList();
        Assert.True(runs[1].ReceivedAt - runs[0].ReceivedAt >= TimeSpan.FromMilliseconds(250), "they ran at the same time");

        // The last line of defence: eight of whatever, once those of before have given back their places.
        await Eventually.HoldsAsync(async () => (long)await world.CommandAsync("HLEN", Shared.Ledger.LedgerKeys.Of(Guid.Empty).Holds) == 0, Patience, "nothing runs");
        using var leaving = new CancellationTokenSource();
        var running = Enumerable.Range(0, 8).Select(_ => gateway.ChatAsync(world.World.Key, Ask.Body(directives: "stall-before-first"), cancellationToken: leaving.Token)).ToList();
        await Eventually.HoldsAsync(() => world.World.Simulator.Requests.Count(request => !request.Finished) == 8, Patience, "eight run");
        // Of a team without a limit of its own: whether the other one's tokens are back by now depends on how fast the machine is.
        using var ninth = await gateway.ChatAsync(other.Key, Ask.Body());
        Assert.Equal(HttpStatusCode.TooManyRequests, ninth.StatusCode);
        Assert.StartsWith("This gateway runs 8 of at most 8 requests at the same time", (await Ask.ErrorAsync(ninth)).Message, StringComparison.Ordinal);
        await leaving.CancelAsync();
        foreach (var call in running) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    /// <summary>The four tiers that organisations begin with: 10 / 60 / 300 / 1,000 requests a minute and 2 / 10 / 50 / 200 at the same time.</summary>
    [Fact]
    public async Task Tiers_OfKeys()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var keys = new List<(string Secret, string Tier, long PerMinute)>();
        foreach (var (name, perMinute, perMinuteTokens, concurrency) in Tier.Templates)
        {
            var (tier, assignment, key) = (Guid.CreateVersion7(), Guid.CreateVersion7(), await world.AddKeyAsync());
            await world.World.Configuration.WriteAsync(
                [new(ConfigurationKinds.Tier, tier, world.World.Organisation)],
                "insert into tiers (id, organisation_id, name, requests_per_minute, tokens_per_minute, concurrency, created_at) values ($1, $2, $3, $4, $5, $6, now())",
                tier, world.World.Organisation, name, perMinute, perMinuteTokens, concurrency);
            await world.World.Configuration.WriteAsync(
                [new(ConfigurationKinds.Tier, assignment, world.World.Organisation)],
                "insert into tier_assignments (id, organisation_id, scope_kind, scope_id, tier_id) values ($1, $2, 'key', $3, $4)", assignment, world.World.Organisation, key.Id.ToString(), tier);
            keys.Add((key.Secret, name, perMinute));
        }
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();

        foreach (var (key, tier, perMinute) in keys)
        {
            using var response = await gateway.ChatAsync(key, Ask.Body());
            Assert.Equal((perMinute.ToString(System.Globalization.CultureInfo.InvariantCulture), HttpStatusCode.OK), (Ask.Header(response, "x-ratelimit-limit-requests"), response.StatusCode));
            await response.Content.ReadAsStringAsync();
            if (tier is not ("Free" or "Standard")) continue;
            await world.HoldsAsync(0);
            var (served, seconds) = await UntilRefusedAsync(world, gateway, key, Ask.Body(), $"at its limit of {perMinute} requests per minute (tier {tier})");
            Assert.InRange(served, 0, perMinute / 10 + (int)(seconds * perMinute / 60) + 1);
        }
    }

    /// <summary>Asks until the limit refuses.</summary>
    /// <returns>How many were served before, and how long it took.</returns>
    private static async Task<(int Served, double Seconds)> UntilRefusedAsync(SpendingWorld world, GatewayProcess gateway, string key, string body, string message, params (string, string)[] headers)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var served = 0; served < 2_000; served++)
        {
            using var response = await gateway.ChatAsync(key, body, headers: headers);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Assert.Contains(message, (await Ask.ErrorAsync(response)).Message, StringComparison.Ordinal);
                return (served, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
            }
            await response.Content.ReadAsStringAsync();
            // Its place is free a moment later: here it is to be refused for its rate.
            await world.HoldsAsync(0);
        }
        throw new InvalidOperationException("It was never refused.");
    }

    private static async Task<(Guid Id, string Key)> TeamAsync(SpendingWorld world, string slug)
    {
        var secret = VirtualKeySecret.Create();
        var team = await world.World.Configuration.AddTeamAsync(world.World.Organisation, slug);
        await world.World.Configuration.AddKeyAsync(world.World.Organisation, team, secret);
        return (team, secret);
    }

    /// <summary>A request that would cost so many dollars: an answer of a hundred tokens is one. Waits until it is settled.</summary>
    /// <returns>What it did cost.</returns>
    private static async Task<int> SpendAsync(SpendingWorld world, GatewayProcess gateway, string key, int dollars, string user)
    {
        using var response = await gateway.ChatAsync(key, Ask.Body(directives: $"body-bytes={dollars * 400}", maxTokens: dollars * 100), headers: ("x-gateway-user", user));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var tokens = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage").GetProperty("completion_tokens").GetInt32();
        Assert.Equal(0, tokens % 100);
        await world.HoldsAsync(0);
        return tokens / 100;
    }

    private static async Task RefusedAsync(GatewayProcess gateway, string key, string user, string message)
    {
        using var response = await gateway.ChatAsync(key, Ask.Body(maxTokens: 1_000), headers: ("x-gateway-user", user));
        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.StartsWith(message, (await Ask.ErrorAsync(response)).Message, StringComparison.Ordinal);
    }
}
