using System.Text;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Requests that a guardrail sends to a restricted model, at a real gateway with a real ledger. Each test has a key and a model of its own.</summary>
public sealed class RerouteTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task Reroute_Finding_GoesToTheRestrictedModelAtItsPrice_AndNothingStaysHeld()
    {
        await AddRestrictedAsync("guarded", "sim-guarded");
        var (id, key) = await KeyAsync("guarded");
        var budget = await world.BudgetAsync(ScopeKinds.Key, id.ToString(), BudgetPeriods.Total, 1_000_000_000);
        await world.AppliedAsync(gateway);

        using var plain = await gateway.ChatAsync(key, Ask.Body("a kite"));
        Assert.Equal("small", Ask.Header(plain, "x-gateway-model"));
        using var response = await gateway.ChatAsync(key, Ask.Body("the falcon"));
        Assert.Equal((200, "guarded", "guardrail", "sim-guarded"),
            ((int)response.StatusCode, Ask.Header(response, "x-gateway-model"), Ask.Header(response, "x-gateway-route-reason"), Ask.Header(response, "x-gateway-deployment")));
        Assert.StartsWith("banned_patterns;reroute;BANNED_WORD=", Ask.Header(response, "x-gateway-guardrails"), StringComparison.Ordinal);
        Assert.Contains("\"sim-large\"", Encoding.UTF8.GetString(world.World.Simulator.Requests[^1].Body!), StringComparison.Ordinal);
        var record = await world.World.RecordAsync(Ask.Header(response, "x-request-id"));
        Assert.Equal(("ok", "guarded", "sim-guarded"), (record.Status, record.Model, record.Deployment));
        // Ten times the price of the model that was asked for.
        Assert.Equal(record.InputTokens * 1_500 + record.OutputTokens * 6_000, record.CostNanoUsd);
        await Eventually.HoldsAsync(
            async () => await world.ReadAsync(budget) is var (settled, held) && held == 0 && settled == (await world.World.RecordsAsync()).Where(one => one.KeyId == id).Sum(one => one.CostNanoUsd),
            TimeSpan.FromSeconds(30), "nothing is held and what is settled are the key's records");
    }

    [Fact]
    public async Task Reroute_WhereTheRestrictedModelCannotServe_IsRefusedAndNothingLeaves()
    {
        await AddRestrictedAsync("forbidden", "sim-forbidden");
        var (_, missing) = await KeyAsync("no-such-model");
        var (_, forbidden) = await KeyAsync("forbidden", "small");
        await world.AppliedAsync(gateway);
        var before = world.World.Simulator.Requests.Count;
        foreach (var key in new[] { missing, forbidden })
        {
            using var refused = await gateway.ChatAsync(key, Ask.Body("the falcon"));
            var (code, message) = await Ask.ErrorAsync(refused);
            Assert.Equal((403, "guardrail_blocked"), ((int)refused.StatusCode, code));
            Assert.Contains("and that model cannot serve it", message, StringComparison.Ordinal);
        }
        Assert.Equal(before, world.World.Simulator.Requests.Count);
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, forbidden, Ask.Body("a kite")));
    }

    [Fact]
    public async Task Reroute_LimitsOfTheRestrictedModel_Hold()
    {
        await AddRestrictedAsync("scarce", "sim-scarce");
        await AddRestrictedAsync("stopped", "sim-stopped");
        var (_, scarce) = await KeyAsync("scarce");
        var (_, stopped) = await KeyAsync("stopped");
        await world.LimitAsync(ScopeKinds.Model, "scarce", LimitUnits.Requests, 1, LimitPeriods.Hour);
        await world.StopAsync(ScopeKinds.Model, "stopped", "Under review");
        await world.AppliedAsync(gateway);

        Assert.Equal((200, null), await Ask.StatusAsync(gateway, scarce, Ask.Body("the falcon")));
        Assert.Equal((429, "rate_limit_exceeded"), await Ask.StatusAsync(gateway, scarce, Ask.Body("the falcon")));
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, scarce, Ask.Body("a kite")));
        Assert.Equal((403, "scope_stopped"), await Ask.StatusAsync(gateway, stopped, Ask.Body("the falcon")));
    }

    [Fact]
    public async Task Reroute_PolicyOfTheRestrictedModel_HoldsThere()
    {
        await AddRestrictedAsync("strict", "sim-strict");
        var (_, key) = await KeyAsync("strict");
        await PolicyKeys.SetAsync(world.World, GuardrailScopes.Model, "strict", new() { ContentPolicy = new() { Level = GuardrailLevels.Flag }, BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Mask, Words = ["eagle"] } });
        await world.AppliedAsync(gateway);

        // The rule of the key is the stricter one, and stands; the words of both count once the request goes there.
        using var response = await gateway.ChatAsync(key, Ask.Body("the falcon and the eagle"));
        Assert.Equal((200, "strict"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-model")));
        Assert.Equal("banned_patterns;reroute;BANNED_WORD=2", Ask.Header(response, "x-gateway-guardrails"));
    }

    [Fact]
    public async Task Reroute_ProvidersOwnApi_IsRefused()
    {
        await AddRestrictedAsync("elsewhere", "sim-elsewhere");
        var (_, key) = await KeyAsync("elsewhere");
        await world.AppliedAsync(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/providers/sim/chat/completions") { Content = new StringContent(Ask.Body("the falcon", model: "sim-small"), Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var refused = await gateway.Http.SendAsync(request);
        Assert.Equal("guardrail_blocked", (await Ask.ErrorAsync(refused)).Code);
    }

    private async Task<(Guid Id, string Secret)> KeyAsync(string restricted, params string[] allowedModels)
    {
        var secret = await PolicyKeys.AddAsync(world.World, new()
        {
            BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Reroute, RestrictedModel = restricted, Words = ["falcon"] },
        }, allowedModels);
        return ((await world.World.Configuration.IdsAsync("select id from virtual_keys where name = $1", secret))[0], secret);
    }

    private async Task AddRestrictedAsync(string model, string deployment)
    {
        var (configuration, organisation) = (world.World.Configuration, world.World.Organisation);
        await using var source = NpgsqlDataSource.Create(world.World.Database);
        await using var find = source.CreateCommand("select provider_id, credential_id from deployments where name = 'sim-first'");
        Guid provider, credential;
        await using (var reader = await find.ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            (provider, credential) = (reader.GetGuid(0), reader.GetGuid(1));
        }
        var id = await configuration.AddDeploymentAsync(organisation, deployment, provider, "sim-large", credential);
        await configuration.AddPriceAsync(organisation, id, """{"input":1500000000,"cache_read":750000000,"output":6000000000}""", DateTimeOffset.UnixEpoch);
        await configuration.AddModelAsync(organisation, model, [id]);
    }
}
