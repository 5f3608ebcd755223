using System.Net;
using System.Text.Json;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>Rules from the database to the reply's headers, the usage record and the preview.</summary>
public sealed class RuleTests(StoresFixture stores)
{
    [Fact]
    public async Task Rules_DecideRecordAndExplain()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var rule = await AddRuleAsync(world, 0, "coding", """{"tasks":["coding"],"task_confidence":0.5}""", """{"model":"chain"}""");
        await AddRuleAsync(world, 1, "no", """{"any_words":["forbidden"]}""", """{"deny":"Not here."}""");
        await using var gateway = await world.StartGatewayAsync();

        using var coding = await gateway.ChatAsync(world.Key, Body("Write a Python function that merges two sorted lists."), "rules-coding");
        Assert.Equal(("chain", "rule:coding"), (Header(coding, "x-gateway-model"), Header(coding, "x-gateway-route-reason")));
        using var talk = await gateway.ChatAsync(world.Key, Body("Hello, how are you?"), "rules-talk");
        Assert.Equal(("small", "default_model"), (Header(talk, "x-gateway-model"), Header(talk, "x-gateway-route-reason")));
        using var declared = await gateway.ChatAsync(world.Key, Body("Hello, how are you?"), "rules-declared", default, ("x-gateway-task", "coding"));
        Assert.Equal("rule:coding", Header(declared, "x-gateway-route-reason"));
        using var denied = await gateway.ChatAsync(world.Key, Body("This is forbidden."), "rules-denied");
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.Contains("\"route_denied\"", await denied.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var (id, task) in new[] { ("rules-coding", "coding"), ("rules-talk", "chat"), ("rules-declared", "coding") })
        {
            await world.RecordAsync(id);
            Assert.Equal(task, await ScalarAsync(world, $"select task from usage_records where request_id = '{id}'"));
        }
        await Eventually.HoldsAsync(
            async () => await ScalarAsync(world, "select j.document->>'task_source' from journeys j join usage_records r on r.id = j.id where r.request_id = 'rules-declared'") == "declared",
            TimeSpan.FromSeconds(20), "the journey says who told the task");

        using var preview = await PreviewAsync(gateway, world.Key, "forbidden or not: write a SQL query");
        var told = JsonDocument.Parse(await preview.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("chain", "rule:coding", "coding"), (told.GetProperty("model").GetString(), told.GetProperty("route_reason").GetString(), told.GetProperty("task").GetString()));
        Assert.Equal(
            ["coding True True ", "no True False "],
            told.GetProperty("rules").EnumerateArray().Select(r => $"{r.GetProperty("name")} {r.GetProperty("matched")} {r.GetProperty("decides")} {r.GetProperty("failed")}"));

        // Gone within a second, without a restart.
        await world.Configuration.WriteAsync([new(ConfigurationKinds.Rule, rule, world.Organisation)], "delete from routing_rules where id = $1", rule);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var again = await gateway.ChatAsync(world.Key, Body("Write a Python function that merges two sorted lists."));
                return Header(again, "x-gateway-route-reason") == "default_model";
            },
            TimeSpan.FromSeconds(20), "the rule is gone");
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;

    private static string Body(string prompt) => $$"""{"messages":[{"role":"user","content":"{{prompt}}"}]}""";

    private static async Task<HttpResponseMessage> PreviewAsync(GatewayProcess gateway, string key, string prompt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/route/preview") { Content = new StringContent(Body(prompt), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", key);
        var response = await gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private static async Task<Guid> AddRuleAsync(GatewayWorld world, int position, string name, string when, string then)
    {
        var id = Guid.CreateVersion7();
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Rule, id, world.Organisation)],
            "insert into routing_rules (id, organisation_id, position, name, is_enabled, conditions, action, created_at, created_by) values ($1, $2, $3, $4, true, $5::jsonb, $6::jsonb, now(), 'test')",
            id, world.Organisation, position, name, when, then);
        return id;
    }

    private static async Task<string?> ScalarAsync(GatewayWorld world, string sql)
    {
        await using var source = NpgsqlDataSource.Create(world.Database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }
}
