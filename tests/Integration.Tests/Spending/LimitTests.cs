using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Limits as callers meet them.</summary>
public sealed class LimitTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task SeveralOnOneScope_AllHold()
    {
        var key = await world.AddKeyAsync();
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Requests, 1, LimitPeriods.Second);
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Requests, 3, LimitPeriods.Day, burst: 3);
        await world.AppliedAsync(gateway);

        var (served, messages) = (0, new List<string>());
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await gateway.ChatAsync(key.Secret, Ask.Body());
                if (response.IsSuccessStatusCode) served++;
                else messages.Add((await Ask.ErrorAsync(response)).Message);
                return messages is [.., var last] && last.Contains("3 requests per day", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30), "the day's limit is met");

        Assert.Equal(3, served);
        Assert.Contains(messages, message => message.Contains("1 requests per second", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ScopeKinds.User, "x-gateway-user")]
    [InlineData(ScopeKinds.Feature, "x-gateway-feature")]
    [InlineData(ScopeKinds.Agent, "x-gateway-agent")]
    public async Task Default_IsACountForEach_UnlessItHasALimitOfItsOwn(string kind, string header)
    {
        var special = $"special-{kind}";
        var limit = await world.LimitAsync(kind, null, LimitUnits.Requests, 2, LimitPeriods.Day, burst: 2);
        await world.LimitAsync(kind, special, LimitUnits.Requests, 4, LimitPeriods.Day, burst: 4);
        await world.AppliedAsync(gateway);

        foreach (var (name, most) in ((string, int)[])[("one", 2), ("two", 2), (special, 4)])
        {
            for (var i = 0; i < most; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, headers: (header, name)));
            using var refused = await gateway.ChatAsync(world.World.Key, Ask.Body(), headers: (header, name));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains($"'{name}' is at its limit of {most} requests per day", (await Ask.ErrorAsync(refused)).Message, StringComparison.Ordinal);
        }
        // Who names nobody is nobody's.
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key));
        Assert.Contains($"r:{limit:N}:{kind}=one ", await world.MetersAsync(), StringComparison.Ordinal);
        // It would hold for the names of the other tests too.
        await world.World.Configuration.WriteAsync([new(Shared.Domain.ConfigurationKinds.Limit, limit, world.World.Organisation)], "delete from limits where id = $1", limit);
        await world.AppliedAsync(gateway);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, headers: (header, "one")));
    }

    [Fact]
    public async Task Refused_ConsumesNothing()
    {
        var key = await world.AddKeyAsync();
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Requests, 100, LimitPeriods.Day, burst: 100);
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Tokens, 100_000, LimitPeriods.Day, burst: 100_000);
        await world.LimitAsync(ScopeKinds.Feature, "busy", LimitUnits.Concurrency, 1);
        await world.LimitAsync(ScopeKinds.Feature, "rare", LimitUnits.Requests, 1, LimitPeriods.Day);
        await world.LimitAsync(ScopeKinds.Feature, "short", LimitUnits.OutputTokens, 10);
        await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Daily, 1_000_000_000);
        await world.BudgetAsync(ScopeKinds.Feature, "poor", BudgetPeriods.Daily, 1);
        await world.AppliedAsync(gateway);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret, headers: ("x-gateway-feature", "rare")));
        await world.HoldsAsync(0);
        using var leaving = new CancellationTokenSource();
        var busy = gateway.ChatAsync(key.Secret, Ask.Body("stays", "stall-before-first"), cancellationToken: leaving.Token, headers: ("x-gateway-feature", "busy"));
        // It is held for before it is sent.
        await Eventually.HoldsAsync(() => world.World.Simulator.Requests.Any(request => !request.Finished && request.Body is { } body && Encoding.UTF8.GetString(body).Contains("stays", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "the provider has it");
        await world.HoldsAsync(1);
        var (before, upstream) = (await world.MetersAsync(), world.World.Simulator.Requests.Count);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((429, "concurrency_exceeded"), await Ask.StatusAsync(gateway, key.Secret, headers: ("x-gateway-feature", "busy")));
            Assert.Equal((429, "rate_limit_exceeded"), await Ask.StatusAsync(gateway, key.Secret, headers: ("x-gateway-feature", "rare")));
            Assert.Equal((402, "budget_exceeded"), await Ask.StatusAsync(gateway, key.Secret, headers: ("x-gateway-feature", "poor")));
            Assert.Equal((400, "invalid_request_error"), await Ask.StatusAsync(gateway, key.Secret, headers: ("x-gateway-feature", "short")));
            Assert.Equal((404, "model_not_found"), await Ask.StatusAsync(gateway, key.Secret, Ask.Body(model: "nowhere")));
        }

        Assert.Equal(before, await world.MetersAsync());
        Assert.Equal((1, upstream), (await world.HoldsAsync(), world.World.Simulator.Requests.Count));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => busy);
        await world.HoldsAsync(0);
    }

    [Fact]
    public async Task OutputTokens_AreCutWithAHeader_OrRefused_AsTheLimitSays()
    {
        await world.LimitAsync(ScopeKinds.Feature, "cut", LimitUnits.OutputTokens, 20, onLimit: LimitActions.Clamp);
        await world.LimitAsync(ScopeKinds.Feature, "strict", LimitUnits.OutputTokens, 20);
        await world.AppliedAsync(gateway);

        using (var cut = await gateway.ChatAsync(world.World.Key, Ask.Body("cut me", "body-bytes=400", maxTokens: 100), headers: ("x-gateway-feature", "cut")))
        {
            Assert.Equal("20", Ask.Header(cut, "x-gateway-max-tokens-clamped"));
            Assert.Equal(20, (await cut.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage").GetProperty("completion_tokens").GetInt64());
        }
        Assert.Equal(20, AskedUpstream("cut me"));
        using (var within = await gateway.ChatAsync(world.World.Key, Ask.Body("short enough", maxTokens: 20), headers: ("x-gateway-feature", "cut")))
            Assert.False(within.Headers.Contains("x-gateway-max-tokens-clamped"));
        // Who asks for no cap gets this one.
        foreach (var feature in (string[])["cut", "strict"])
        {
            Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, Ask.Body($"no cap, {feature}", maxTokens: null), ("x-gateway-feature", feature)));
            Assert.Equal(20, AskedUpstream($"no cap, {feature}"));
        }

        using var refused = await gateway.ChatAsync(world.World.Key, Ask.Body("refuse me", maxTokens: 100), headers: ("x-gateway-feature", "strict"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(("invalid_request_error", "max_tokens"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Contains("asks for 100 output tokens", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_AreTakenByEstimate_AndTheDifferenceIsGivenBack()
    {
        var key = await world.AddKeyAsync();
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Tokens, 10_000, LimitPeriods.Day, burst: 10_000);
        await world.AppliedAsync(gateway);
        var id = $"t-{Guid.NewGuid():N}";
        using (var response = await gateway.ChatAsync(key.Secret, Ask.Body("estimate me", "body-bytes=40", maxTokens: 4_000), id))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            // Told when it is admitted: the estimate is taken.
            Assert.InRange(long.Parse(Ask.Header(response, "x-ratelimit-remaining-tokens"), System.Globalization.CultureInfo.InvariantCulture), 1, 9_950);
            await response.Content.ReadAsStringAsync();
        }
        var record = await world.World.RecordAsync(id);
        var used = record.InputTokens + record.OutputTokens;
        Assert.InRange(used, 11, 40);

        // What time brings back in the meantime, one in nine seconds, is not more than a few.
        await Eventually.HoldsAsync(async () => await RemainingTokensAsync(key.Secret) is var left && left >= 10_000 - used && left <= 10_000 - used + 8, TimeSpan.FromSeconds(30), "what was used is taken, no more");
    }

    [Fact]
    public async Task Downgrade_GoesToTheNamedModel_AndSaysSo()
    {
        await world.LimitAsync(ScopeKinds.Model, "chain", LimitUnits.Requests, 1, LimitPeriods.Day, LimitActions.Downgrade, downgradeModel: "small");
        await world.AppliedAsync(gateway);

        using (var first = await gateway.ChatAsync(world.World.Key, Ask.Body(model: "chain")))
        {
            Assert.Equal("chain", Ask.Header(first, "x-gateway-model"));
            Assert.False(first.Headers.Contains("x-gateway-downgraded-from"));
        }
        using var second = await gateway.ChatAsync(world.World.Key, Ask.Body("cheaper", model: "chain"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(("small", "chain", "limit_downgrade"), (Ask.Header(second, "x-gateway-model"), Ask.Header(second, "x-gateway-downgraded-from"), Ask.Header(second, "x-gateway-route-reason")));
    }

    [Fact]
    public async Task Refusals_SayWhatWhoseHowMuchAndWhen_InBothDialects()
    {
        var key = await world.AddKeyAsync();
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Requests, 1, LimitPeriods.Hour);
        await world.LimitAsync(ScopeKinds.Feature, "one-token", LimitUnits.Tokens, 1, LimitPeriods.Day);
        await world.AppliedAsync(gateway);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
        // Larger than its whole burst: it passes when nothing is owed, and owes for long afterwards.
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, headers: ("x-gateway-feature", "one-token")));

        using (var rate = await gateway.ChatAsync(key.Secret, Ask.Body()))
        {
            Assert.InRange(rate.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3_000, 3_600);
            var (code, message) = await Ask.ErrorAsync(rate);
            Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (rate.StatusCode, code));
            Assert.Matches("^Key '.*' is at its limit of 1 requests per hour\\. There is room again in 3,[0-9]{3} s; retry then, or have the team's lead raise the limit", message);
        }
        using (var tokens = await gateway.ChatAsync(world.World.Key, Ask.Body(), headers: ("x-gateway-feature", "one-token")))
        {
            var (_, message) = await Ask.ErrorAsync(tokens);
            Assert.Matches("^Feature 'one-token' is at its limit of 1 tokens per day\\. The request needs about [0-9]+\\. There is room again in ", message);
        }
        using var messages = await Ask.MessagesAsync(gateway, key.Secret, Ask.Body());
        Assert.Equal(HttpStatusCode.TooManyRequests, messages.StatusCode);
        Assert.NotNull(messages.Headers.RetryAfter);
        var error = await messages.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("error", "rate_limit_error"), (error.GetProperty("type").GetString(), error.GetProperty("error").GetProperty("type").GetString()));
        Assert.Contains("at its limit of 1 requests per hour", error.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tier_HoldsForWhoeverHasIt_AndALimitOfItsOwnComesFirst()
    {
        var (free, own) = (await world.AddKeyAsync(), await world.AddKeyAsync());
        var tier = Guid.CreateVersion7();
        await world.World.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.Tier, tier, world.World.Organisation)],
            "insert into tiers (id, organisation_id, name, requests_per_minute, concurrency, created_at) values ($1, $2, 'Trial', 10, 2, now())", tier, world.World.Organisation);
        foreach (var key in (Guid[])[free.Id, own.Id])
        {
            var assignment = Guid.CreateVersion7();
            await world.World.Configuration.WriteAsync(
                [new(Shared.Domain.ConfigurationKinds.Tier, assignment, world.World.Organisation)],
                "insert into tier_assignments (id, organisation_id, scope_kind, scope_id, tier_id) values ($1, $2, 'key', $3, $4)", assignment, world.World.Organisation, key.ToString(), tier);
        }
        await world.LimitAsync(ScopeKinds.Key, own.Id.ToString(), LimitUnits.Requests, 5, LimitPeriods.Hour, burst: 5);
        await world.AppliedAsync(gateway);

        Assert.Equal((200, null), await Ask.StatusAsync(gateway, free.Secret));
        using (var refused = await gateway.ChatAsync(free.Secret, Ask.Body()))
            Assert.Contains("at its limit of 10 requests per minute (tier Trial)", (await Ask.ErrorAsync(refused)).Message, StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal((200, null), await Ask.StatusAsync(gateway, own.Secret));
            // The tier's two at a time hold for it too, and what was answered gives its place back a moment later.
            await world.HoldsAsync(0);
        }
        Assert.Equal((429, "rate_limit_exceeded"), await Ask.StatusAsync(gateway, own.Secret));
    }

    private long AskedUpstream(string text) => JsonDocument.Parse(
        world.World.Simulator.Requests.Last(request => request.Body is { } body && Encoding.UTF8.GetString(body).Contains(text, StringComparison.Ordinal)).Body!).RootElement
        is var asked && asked.TryGetProperty("max_completion_tokens", out var cap) ? cap.GetInt64() : asked.GetProperty("max_tokens").GetInt64();

    private async Task<long> RemainingTokensAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/key");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await gateway.Http.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("limits").EnumerateArray()
            .First(limit => limit.GetProperty("unit").GetString() == "tokens").GetProperty("remaining").GetInt64();
    }
}
