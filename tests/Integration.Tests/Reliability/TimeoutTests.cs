using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>How long each phase may take: by the model, by the caller, and when the gateway is told to stop.</summary>
public sealed class TimeoutTests(StoresFixture stores)
{
    [Fact]
    public async Task PhasesOfAModel_AreBounded_AndAStreamThatFlowsIsNot()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        // What nobody set bounds the time until an answer stands, not the answer.
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Reliability__TotalMs=3000", "Gateway__Reliability__Retries=0");

        Assert.Equal((504, ""), await CallAsync(gateway, world, "stall-before-first"));
        Assert.Equal((200, "[DONE]"), await CallAsync(gateway, world, "chunks=14; chunk-ms=300"));

        await SetAsync(world, gateway, """{"total_timeout_ms":2500}""");
        Assert.Equal((200, "upstream_timeout"), await CallAsync(gateway, world, "chunks=40; chunk-ms=300"));
        await SetAsync(world, gateway, """{"idle_timeout_ms":700}""");
        Assert.Equal((200, "upstream_timeout"), await CallAsync(gateway, world, "stall-after=3"));
        await SetAsync(world, gateway, """{"first_token_timeout_ms":700,"total_timeout_ms":60000}""");
        // Heads that come early are not a first token.
        Assert.Equal((504, ""), await CallAsync(gateway, world, "stall-after-headers"));
        Assert.Equal((504, ""), await CallAsync(gateway, world, "stall-before-first"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ToldToStop_StreamsEndWell_AndAreBooked(bool bySigTerm)
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync();
        using var response = await gateway.ChatAsync(world.Key, Body("chunks=40; chunk-ms=100"), "drained");
        await using var stream = await response.Content.ReadAsStreamAsync();
        var one = new byte[1];
        Assert.Equal(1, await stream.ReadAsync(one));

        var stopping = bySigTerm ? gateway.TerminateAsync() : gateway.StopAsync();
        // Nobody new gets in while it drains.
        using (var late = new HttpClient { BaseAddress = gateway.Address })
            await Eventually.HoldsAsync(async () => await RefusesAsync(late), TimeSpan.FromSeconds(10), "it takes no new connections");
        using var reader = new StreamReader(stream);
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping;

        await using var next = await world.StartGatewayAsync();
        Assert.Equal("ok", (await world.RecordAsync("drained")).Status);
    }

    [Fact]
    public async Task HealthCheck_OpensWithoutARequest_AndBringsBack()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var provider = await world.Configuration.AddProviderAsync(world.Organisation, "away", "http://127.0.0.1:1/v1");
        await world.Configuration.WriteAsync([new(ConfigurationKinds.Provider, provider, world.Organisation)], "update providers set is_private = true where id = $1", provider);
        var deployment = await world.Configuration.AddDeploymentAsync(world.Organisation, "away", provider, "m", await OtherProvider.AddCredentialAsync(world, provider));
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Deployment, deployment, world.Organisation)],
            """update deployments set breaker = '{"failures":1,"open_seconds":1,"probe":{"every_seconds":1,"path":"/models"}}' where id = $1""", deployment);
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Reliability__RampStepMs=1000");

        await Eventually.HoldsAsync(async () => await StateAsync(gateway) == 2, TimeSpan.FromSeconds(20), "it is found to be away");
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Provider, provider, world.Organisation)], "update providers set base_url = $2 where id = $1", provider, new Uri(world.Simulator.BaseUrl, "v1").ToString());
        await Eventually.HoldsAsync(async () => await StateAsync(gateway) < 2, TimeSpan.FromSeconds(20), "it is found to be back");
    }

    private static async Task<bool> RefusesAsync(HttpClient http)
    {
        try
        {
            using var alive = await http.GetAsync("/health/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<int> StateAsync(GatewayProcess gateway) =>
        (await gateway.Http.GetStringAsync("/metrics")).Split('\n').Single(l => l.StartsWith("llm_circuit_state{deployment=\"away\"}", StringComparison.Ordinal))[^1] - '0';

    private static async Task SetAsync(GatewayWorld world, GatewayProcess gateway, string reliability)
    {
        var model = Assert.Single(await world.Configuration.IdsAsync("select id from models where name = 'small'"));
        var revision = await world.Configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "update models set reliability = $2::jsonb where id = $1", model, reliability);
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the settings");
    }

    // Its status, and how its stream ended.
    private static async Task<(int Status, string End)> CallAsync(GatewayProcess gateway, GatewayWorld world, string directive)
    {
        using var response = await gateway.ChatAsync(world.Key, Body(directive));
        if (response.StatusCode != System.Net.HttpStatusCode.OK) return ((int)response.StatusCode, "");
        var text = new MemoryStream();
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(text);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            // A stream that the gateway cut, after it said why.
        }
        var last = System.Text.Encoding.UTF8.GetString(text.ToArray()).TrimEnd().Split("data: ")[^1];
        return (200, last == "[DONE]" ? last : System.Text.Json.JsonDocument.Parse(last).RootElement.GetProperty("error").GetProperty("code").GetString()!);
    }

    private static string Body(string directive) => $$"""{"model":"small","stream":true,"messages":[{"role":"user","content":"Hello [[sim: {{directive}}]]"}]}""";
}
