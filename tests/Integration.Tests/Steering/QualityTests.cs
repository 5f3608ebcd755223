using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Steering;

/// <summary>The table of quality as a gateway reads it from Postgres.</summary>
public sealed class QualityTests(StoresFixture stores)
{
    [Fact]
    public async Task Table_PublishedWhileServing_DecidesTheNextRequests()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync();
        var before = await PreviewAsync(world, gateway, "coding");
        Assert.Equal("unproven", before["candidates"]![0]!["quality"]!["verdict"]!.GetValue<string>());

        var version = Guid.CreateVersion7();
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Quality, version, world.Organisation)],
            """
            with bars as (update models set strategy = 'quality', quality = '{"bar": 0.8, "tasks": {"math": 0.99}}' where organisation_id = $2 and name = 'chain'),
                old as (insert into quality_versions values (gen_random_uuid(), $2, 1, 'import', '', null, now(), 'test')),
                new as (insert into quality_versions values ($1, $2, 2, 'import', '', null, now(), 'test')),
                learned as (insert into quality_learned select $2, t, p.slug, d.upstream_model, 0.95, 0.9, 0.97, 80, 20, now()
                    from deployments d join providers p on p.id = d.provider_id, unnest(array['chat', 'coding']) t where d.name = 'sim-first')
            insert into quality_cells select $1, t, p.slug, d.upstream_model, 0.9, case d.name when 'sim-first' then 0.5 else 0.85 end, 1, 100, '2026-11-01', 'import', 2
            from deployments d join providers p on p.id = d.provider_id, unnest(array['coding', 'math']) t where d.organisation_id = $2
            """,
            version, world.Organisation);

        JsonNode after = before;
        await Eventually.HoldsAsync(
            async () => (after = await PreviewAsync(world, gateway, "coding"))["route_reason"]!.GetValue<string>() == "quality:proven", TimeSpan.FromSeconds(20), "the gateway has the table");
        Assert.Equal(["sim-second", "sim-first"], Names(after));
        var quality = after["candidates"]![0]!["quality"]!;
        Assert.Equal(("clears_the_bar", 0.85, 100, "2026-11-01", "import", 0.8), (
            quality["verdict"]!.GetValue<string>(), quality["lower"]!.GetValue<double>(), quality["samples"]!.GetValue<int>(), quality["date"]!.GetValue<string>(), quality["source"]!.GetValue<string>(),
            quality["bar"]!.GetValue<double>()));
        Assert.Equal("below_the_bar", after["candidates"]![1]!["quality"]!["verdict"]!.GetValue<string>());

        // The bar of its own is cleared by none; what only feedback knows counts where nothing was published.
        var math = await PreviewAsync(world, gateway, "math");
        Assert.Equal(("quality:best_known", 0.99), (math["route_reason"]!.GetValue<string>(), math["candidates"]![0]!["quality"]!["bar"]!.GetValue<double>()));
        var chat = await PreviewAsync(world, gateway, "chat");
        Assert.Equal(("sim-first", "feedback"), (Names(chat)[0], chat["candidates"]![0]!["quality"]!["source"]!.GetValue<string>()));

        using var response = await gateway.ChatAsync(world.Key, Ask.Body(model: "chain"), headers: ("x-gateway-task", "coding"));
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(("sim-second", "quality:proven"), (response.Headers.GetValues("x-gateway-deployment").Single(), response.Headers.GetValues("x-gateway-route-reason").Single()));
    }

    [Fact]
    public async Task Vote_OnTheKeysOwnRequest_CountsOnce_AndOnOthersNever()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync();
        var (other, bound) = (VirtualKeySecret.Create(), VirtualKeySecret.Create());
        await world.Configuration.AddKeyAsync(world.Organisation, world.Team, other);
        var boundKey = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, bound);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await gateway.ChatAsync(bound, Ask.Body(), "bound-1", headers: ("x-gateway-user", "ann"));
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(20), "the gateway knows the key");
        await world.RecordAsync("bound-1");
        await world.Configuration.WriteAsync([new(ConfigurationKinds.VirtualKey, boundKey, world.Organisation)], "update virtual_keys set user_id = 'bob' where id = $1", boundKey);

        // A vote that is faster than the books: it waits, and counts when the record comes.
        Assert.Equal((202, "waiting"), await VoteAsync(gateway, world.Key, """{"request_id":"early","score":0.5,"source":"outcome"}"""));
        using (var response = await gateway.ChatAsync(world.Key, Ask.Body(), "early", headers: [("x-gateway-user", "ann"), ("x-gateway-task", "coding")]))
            Assert.True(response.IsSuccessStatusCode);
        await Eventually.HoldsAsync(async () => await ScalarAsync(world, "select feedback::text from usage_records where request_id = 'early'") == "0.5", TimeSpan.FromSeconds(30), "the vote met its record");
        Assert.Equal("ann coding sim sim-small", await ScalarAsync(world, "select concat_ws(' ', voter, task, provider, model) from feedback where request_id = 'early'"));

        Assert.Equal((200, "replaced"), await VoteAsync(gateway, world.Key, """{"request_id":"early","score":1,"source":"user","comment":"secret-words","tags":["a"]}"""));
        Assert.Equal((200, "counted"), await VoteAsync(gateway, world.Key, """{"request_id":"early","score":0,"source":"eval","name":"tone","tags":{"a":"b"}}"""));
        Assert.Equal("2 0.5", await ScalarAsync(world, "select count(*) || ' ' || max(u.feedback) from feedback f join usage_records u on u.id = f.usage_id where f.request_id = 'early'"));

        Assert.Equal((404, "request_not_found"), await VoteAsync(gateway, other, """{"request_id":"early","score":0,"source":"user"}"""));
        Assert.Equal((404, "request_not_found"), await VoteAsync(gateway, world.Key, """{"request_id":"early","score":0,"source":"user"}""", ("x-gateway-user", "bob")));
        await Eventually.HoldsAsync(
            async () => await VoteAsync(gateway, bound, """{"request_id":"bound-1","score":0,"source":"user"}""") == (404, "request_not_found"), TimeSpan.FromSeconds(20), "a key that is bound now may not judge ann's");
        Assert.Equal((400, "invalid_request_error"), await VoteAsync(gateway, world.Key, """{"request_id":"early","score":2,"source":"user"}"""));
        Assert.Equal((401, "invalid_api_key"), await VoteAsync(gateway, "agw-nobody", "{}"));
        Assert.Equal((413, "request_too_large"), await VoteAsync(gateway, world.Key, new string(' ', 20_000)));
        Assert.DoesNotContain("secret-words", await gateway.StopAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_WithBadVotes_IsRolledBack()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync("gateway", true, "Gateway__Feedback__VotesPerMinute=10000");
        var canary = Guid.CreateVersion7();
        var first = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-first'"));
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Canary, canary, world.Organisation)],
            """
            insert into canaries (id, organisation_id, model, deployment_id, sticky, shares, dwell_seconds, min_requests, max_quality_drop, status, created_at, created_by)
            values ($1, $2, 'small', $3, 'request', array[5000], array[0], 100, 0.05, 'running', now(), 'test')
            """,
            canary, world.Organisation, first);
        var asked = 0;
        while ((await world.Configuration.IdsAsync("select id from steering_events where subject_id = $1", canary)).Length == 0)
        {
            Assert.True(asked++ < 1_000, "the canary is rolled back before that");
            using var response = await gateway.ChatAsync(world.Key, Ask.Body(), $"vote-{asked}");
            var isCanary = response.Headers.GetValues("x-gateway-deployment").Single() == "sim-first";
            var (status, _) = await VoteAsync(gateway, world.Key, $$"""{"request_id":"vote-{{asked}}","score":{{(isCanary ? 0 : 1)}},"source":"user"}""");
            Assert.True(status is 200 or 202);
        }
        Assert.Equal("quality", await ScalarAsync(world, $"select detail ->> 'guard' from steering_events where subject_id = '{canary}'"));
    }

    private static async Task<(int Status, string Said)> VoteAsync(GatewayProcess gateway, string key, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/feedback") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await gateway.Http.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return ((int)response.StatusCode, (answer["status"] ?? answer["error"]!["code"])!.GetValue<string>());
    }

    private static async Task<string?> ScalarAsync(GatewayWorld world, string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(world.Database);
        await using var command = source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static string[] Names(JsonNode preview) => [.. preview["candidates"]!.AsArray().Select(c => c!["deployment"]!.GetValue<string>())];

    private static async Task<JsonNode> PreviewAsync(GatewayWorld world, GatewayProcess gateway, string task)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/route/preview") { Content = new StringContent(Ask.Body(model: "chain"), Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", "Bearer " + world.Key);
        request.Headers.Add("x-gateway-task", task);
        using var response = await gateway.Http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
