using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What callers can look up before they spend, and what a deployment's own quota does.</summary>
public sealed class LookingTests(StoresFixture stores)
{
    private const string Body = """{"model":"chain","max_tokens":100,"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task Preview_SaysWhereItWouldGoAndWhatItWouldCost_AndBooksNothing()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.Team, world.World.Team, world.World.Organisation)],
            "update teams set approval_threshold_nano_usd = 1000 where id = $1", world.World.Team);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        using var response = await PostAsync(gateway, world.World.Key, "/v1/route/preview", Body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var preview = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("chain", preview.GetProperty("model").GetString());
        Assert.Equal(["sim-first", "sim-second"], preview.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("deployment").GetString()));
        var candidate = preview.GetProperty("candidates")[0];
        Assert.True(candidate.GetProperty("kept").GetBoolean());
        Assert.Equal("0.15", candidate.GetProperty("price_usd_per_million_tokens").GetProperty("input").GetString());
        Assert.Equal(100, candidate.GetProperty("max_output_tokens").GetInt64());
        var (expected, worst) = (Usd(preview, "expected_cost_usd"), Usd(preview, "worst_case_cost_usd"));
        Assert.InRange(expected, 0.0000001m, worst);
        // 100 output tokens at $0.60 a million are in it at the least.
        Assert.InRange(worst, 0.00006m, 0.01m);
        Assert.True(preview.GetProperty("approval").GetProperty("required").GetBoolean());
        Assert.Empty(await world.World.RecordsAsync());

        using var unknown = await PostAsync(gateway, world.World.Key, "/v1/route/preview", """{"model":"nowhere","messages":[{"role":"user","content":"Hello"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Preview_OfWhatWouldBeRefused_SaysWhy_AndShowsThePlan_AndBooksNothing()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.Rule, Guid.CreateVersion7(), world.World.Organisation)],
            """
            insert into routing_rules (id, organisation_id, position, name, is_enabled, conditions, action, created_at, created_by)
            values (gen_random_uuid(), $1, 0, 'no', true, '{"any_words":["forbidden"]}', '{"deny":"Not here."}', now(), 'test')
            """, world.World.Organisation);
        await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Total, 1);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();

        var (status, preview) = await PreviewAsync(Body);
        Assert.Equal((HttpStatusCode.PaymentRequired, "budget_exceeded"), (status, preview.GetProperty("error").GetProperty("code").GetString()));
        Assert.Contains("$0 of $0.000000001 settled", preview.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["sim-first True", "sim-second True"], preview.GetProperty("candidates").EnumerateArray().Select(c => $"{c.GetProperty("deployment")} {c.GetProperty("kept")}"));
        Assert.InRange(Usd(preview, "expected_cost_usd"), 0.0000001m, 1m);

        // A rule's refusal comes with the rules and with where it would have gone.
        (status, preview) = await PreviewAsync(Body.Replace("Hello", "forbidden", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.Forbidden, "route_denied", "chain"), (status, preview.GetProperty("error").GetProperty("code").GetString(), preview.GetProperty("model").GetString()));
        Assert.Equal(["no True"], preview.GetProperty("rules").EnumerateArray().Select(r => $"{r.GetProperty("name")} {r.GetProperty("decides")}"));

        // So does a stop.
        var stop = Guid.CreateVersion7();
        await world.World.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.KillSwitch, stop, world.World.Organisation)],
            "insert into kill_switches (id, organisation_id, scope_kind, scope_id, reason, created_at, created_by) values ($1, $2, 'team', $3, 'test', now(), 'test')",
            stop, world.World.Organisation, world.World.Team.ToString());
        await Eventually.HoldsAsync(async () => (await PreviewAsync(Body)).Preview.GetProperty("error").GetProperty("code").GetString() == "scope_stopped", TimeSpan.FromSeconds(20), "the stop is known");
        Assert.Equal(2, (await PreviewAsync(Body)).Preview.GetProperty("candidates").GetArrayLength());
        Assert.Empty(await world.World.RecordsAsync());

        async Task<(HttpStatusCode Status, JsonElement Preview)> PreviewAsync(string body)
        {
            using var response = await PostAsync(gateway, world.World.Key, "/v1/route/preview", body);
            return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
        }
    }

    [Fact]
    public async Task Key_ShowsWhatItsLimitsAndBudgetsLeave()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var key = world.World.KeyId.ToString();
        await world.LimitAsync(ScopeKinds.Key, key, LimitUnits.Requests, 100, LimitPeriods.Day, burst: 10);
        await world.LimitAsync(ScopeKinds.Key, key, LimitUnits.Concurrency, 5);
        await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Daily, 1_000_000_000);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();
        using (var served = await gateway.ChatAsync(world.World.Key, Body))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Equal("100", served.Headers.GetValues("x-ratelimit-limit-requests").Single());
            Assert.Equal("9", served.Headers.GetValues("x-ratelimit-remaining-requests").Single());
            await served.Content.ReadAsStringAsync();
        }

        JsonElement about = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                about = await DescribeAsync(gateway, world.World.Key);
                return about.GetProperty("budgets")[0].GetProperty("held_usd").GetString() == "0" && about.GetProperty("budgets")[0].GetProperty("settled_usd").GetString() != "0";
            },
            TimeSpan.FromSeconds(30), "the request is settled");
        var limits = about.GetProperty("limits").EnumerateArray().ToDictionary(l => l.GetProperty("unit").GetString()!);
        Assert.Equal(9, limits["requests"].GetProperty("remaining").GetInt64());
        Assert.Equal(5, limits["concurrency"].GetProperty("remaining").GetInt64());
        var budget = about.GetProperty("budgets")[0];
        Assert.Equal("1", budget.GetProperty("cap_usd").GetString());
        Assert.Equal(1m, Usd(budget, "settled_usd") + Usd(budget, "remaining_usd"));
    }

    [Fact]
    public async Task DeploymentQuota_UsedUp_TheNextDeploymentServes_AndWithoutOneTheCallerIsToldWhen()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var ids = await world.World.Configuration.IdsAsync("select id from deployments where name like 'sim-%' and name <> 'sim-embed' order by name");
        await world.LimitAsync(ScopeKinds.Deployment, ids[0].ToString(), LimitUnits.Requests, 1, LimitPeriods.Day);
        await world.LimitAsync(ScopeKinds.Deployment, ids[1].ToString(), LimitUnits.Requests, 1, LimitPeriods.Day);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();

        using var first = await gateway.ChatAsync(world.World.Key, Body);
        Assert.Equal("sim-first", first.Headers.GetValues("x-gateway-deployment").Single());
        using var second = await gateway.ChatAsync(world.World.Key, Body);
        Assert.Equal("sim-second", second.Headers.GetValues("x-gateway-deployment").Single());
        Assert.Equal("1", second.Headers.GetValues("x-gateway-attempts").Single());
        using var third = await gateway.ChatAsync(world.World.Key, Body, "over-quota");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Contains("sim-second", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("refused", (await world.World.RecordAsync("over-quota")).Status);
    }

    private static decimal Usd(JsonElement of, string name) => decimal.Parse(of.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<HttpResponseMessage> PostAsync(GatewayProcess gateway, string key, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return await gateway.Http.SendAsync(request);
    }

    private static async Task<JsonElement> DescribeAsync(GatewayProcess gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/key");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await gateway.Http.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
