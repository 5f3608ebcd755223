using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Steering;

/// <summary>Residency at a real gateway: it binds the plan, its fallbacks and the pass-through, in the caller's dialect, and is live while requests run.</summary>
public sealed class ResidencyTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayWorld World => fixture.World;

    [Fact]
    public async Task Region_OfADataClass_BindsPlanFallbackPreviewAndPassThrough()
    {
        await SetRegionAsync("sim-first", "eu-west-3");
        await SetRegionAsync("sim-second", "us-east-1");
        await RuleAsync("data_class", "health", "eu-*");
        await RuleAsync("data_class", "lunar", "moon-*");
        await ServedAsync(("x-gateway-data-class", "health"));

        // The first fails, and the other one, which would answer, is not in reach.
        using var failed = await fixture.Gateway.ChatAsync(World.Key, Ask.Body("Hello", "status=500", model: "chain"), headers: ("x-gateway-data-class", "health"));
        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        Assert.Equal("1", Ask.Header(failed, "x-gateway-attempts"));

        using var refused = await fixture.Gateway.ChatAsync(World.Key, Ask.Body(model: "small"), headers: ("x-gateway-data-class", "health"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var (code, message) = await Ask.ErrorAsync(refused);
        Assert.Equal("region_not_allowed", code);
        Assert.Contains("Allowed: eu-* (data class 'health'). Its deployments are in: us-east-1 (sim-second)", message, StringComparison.Ordinal);

        using var anthropic = await Ask.MessagesAsync(fixture.Gateway, World.Key, Ask.Body(model: "small"), ("x-gateway-data-class", "health"));
        var error = (await anthropic.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((HttpStatusCode.Forbidden, "permission_error"), (anthropic.StatusCode, error.GetProperty("type").GetString()));

        using var preview = await PostAsync("/v1/route/preview", Ask.Body(model: "chain"), ("x-gateway-data-class", "health"));
        var candidates = (await preview.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("candidates").EnumerateArray()
            .Select(c => (c.GetProperty("deployment").GetString(), c.GetProperty("region").GetString(), c.GetProperty("dropped_because").GetString()));
        Assert.Equal([("sim-first", "eu-west-3", null), ("sim-second", "us-east-1", "region")], candidates);

        // Where all are outside, the refusal comes with each of them.
        using var closed = await PostAsync("/v1/route/preview", Ask.Body(model: "small"), ("x-gateway-data-class", "health"));
        var told = await closed.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.Forbidden, "region_not_allowed", "small"), (closed.StatusCode, told.GetProperty("error").GetProperty("code").GetString(), told.GetProperty("model").GetString()));
        Assert.Equal(["sim-second us-east-1 region"], told.GetProperty("candidates").EnumerateArray().Select(c => $"{c.GetProperty("deployment")} {c.GetProperty("region")} {c.GetProperty("dropped_because")}"));
        Assert.False(told.TryGetProperty("expected_cost_usd", out _));

        using var passed = await PostAsync("/providers/sim/chat/completions", Ask.Body(model: "sim-small"), ("x-gateway-data-class", "health"));
        Assert.Equal(HttpStatusCode.Forbidden, passed.StatusCode);
        using var near = await PostAsync("/providers/sim/chat/completions", Ask.Body(model: "sim-large"), ("x-gateway-data-class", "health"));
        Assert.Equal(HttpStatusCode.OK, near.StatusCode);

        Assert.Equal((403, "region_not_allowed"), await Ask.StatusAsync(fixture.Gateway, World.Key, Ask.Body(model: "chain"), ("x-gateway-data-class", "health, lunar")));
        Assert.Equal((400, "invalid_request_error"), await Ask.StatusAsync(fixture.Gateway, World.Key, Ask.Body(model: "chain"), ("x-gateway-data-class", "helth")));
    }

    [Fact]
    public async Task Regions_OfKeysAndTeams_HoldWithinASecondOfTheirChange()
    {
        var team = await World.Configuration.AddTeamAsync(World.Organisation, "clinic");
        var secret = VirtualKeySecret.Create();
        var key = await World.Configuration.AddKeyAsync(World.Organisation, team, secret);
        await Eventually.HoldsAsync(async () => (await Ask.StatusAsync(fixture.Gateway, secret)).Status == 200, TimeSpan.FromSeconds(20), "the key is known");
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.VirtualKey, key, World.Organisation)], "update virtual_keys set allowed_regions = '{mars-*}' where id = $1", key);
        await Eventually.HoldsAsync(async () => (await Ask.StatusAsync(fixture.Gateway, secret)).Code == "region_not_allowed", TimeSpan.FromSeconds(20), "the key is bound");
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.VirtualKey, key, World.Organisation)], "update virtual_keys set allowed_regions = '{}' where id = $1", key);
        await Eventually.HoldsAsync(async () => (await Ask.StatusAsync(fixture.Gateway, secret)).Status == 200, TimeSpan.FromSeconds(20), "the key is free");
        await World.Configuration.WriteAsync([new(ConfigurationKinds.Team, team, World.Organisation)], "update teams set allowed_regions = '{mars-*}' where id = $1", team);
        await Eventually.HoldsAsync(async () => (await Ask.StatusAsync(fixture.Gateway, secret)).Code == "region_not_allowed", TimeSpan.FromSeconds(20), "the team is bound");
    }

    private async Task ServedAsync(params (string, string)[] headers) => await Eventually.HoldsAsync(
        async () => (await Ask.StatusAsync(fixture.Gateway, World.Key, Ask.Body(model: "chain"), headers)).Status == 200, TimeSpan.FromSeconds(20), "the rule is known");

    private async Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", "Bearer " + World.Key);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await fixture.Gateway.Http.SendAsync(request);
    }

    private async Task SetRegionAsync(string deployment, string region)
    {
        var id = Assert.Single(await World.Configuration.IdsAsync("select id from deployments where name = $1", deployment));
        await World.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, id, World.Organisation)], "update deployments set region = $2 where id = $1", id, region);
    }

    private async Task RuleAsync(string kind, string? scope, params string[] regions)
    {
        var id = Guid.CreateVersion7();
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Residency, id, World.Organisation)],
            "insert into residency_rules (id, organisation_id, scope_kind, scope_id, regions, created_at, created_by) values ($1, $2, $3, $4, $5, now(), 'test')",
            id, World.Organisation, kind, scope, regions);
    }
}
