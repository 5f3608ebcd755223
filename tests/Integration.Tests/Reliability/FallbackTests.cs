using System.Net;
using System.Net.Sockets;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>Where requests go when their model's deployments fail: by the conditions of its legs, and nowhere else.</summary>
public sealed class FallbackTests(QuickRetries fixture) : IClassFixture<QuickRetries>
{
    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("""[{"to":"other"}]""", "status=503", 200, "fallback_status", 2)]
    [InlineData("""[{"to":"other"}]""", "stall-before-first", 200, "fallback_timeout", 2)]
    [InlineData("""[{"to":"other"}]""", "content-type=text/html; malformed-after=0", 200, "fallback_status", 2)]
    [InlineData("""[{"to":"other","status":[429]}]""", "status=429; retry-after=20", 200, "fallback_status", 2)]
    [InlineData("""[{"to":"other","context_length":true}]""", "failure=context-length", 200, "fallback_context_length", 2)]
    [InlineData("""[{"to":"other","content_filter":true}]""", "failure=content-policy", 200, "fallback_content_filter", 2)]
    [InlineData("""[{"to":"sim/sim-small","timeout":true}]""", "stall-before-first", 200, "fallback_timeout", 2)]
    [InlineData("""[{"to":"other","content_filter":true},{"to":"other","status":[500]}]""", "status=500", 200, "fallback_status", 2)]
    [InlineData("""[{"to":"other","all_failed":true}]""", "status=401", 200, "fallback_all_failed", 2)]
    // What does not match stays where it was.
    [InlineData("""[{"to":"other"}]""", "status=400", 400, "priority", 1)]
    [InlineData("""[{"to":"other","all_failed":true}]""", "failure=content-policy", 400, "priority", 1)]
    [InlineData("""[{"to":"other","timeout":true}]""", "status=401", 502, "priority", 1)]
    public async Task Failure_LeadsToTheLegThatItMatches(string legs, string directive, int status, string reason, int attempts)
    {
        var (model, upstream) = await AddModelAsync($$"""{"first_token_timeout_ms":3000,"retries":0,"fallbacks":{{legs}}}""");
        world.Simulator.ScriptFor(upstream, directive);
        using var response = await gateway.ChatAsync(world.Key, Body(model));

        Assert.Equal((status, reason, attempts.ToString()), ((int)response.StatusCode, response.Headers.GetValues("x-gateway-route-reason").Single(), response.Headers.GetValues("x-gateway-attempts").Single()));
        if (status == 200) Assert.Equal("sim-second", response.Headers.GetValues("x-gateway-deployment").Single());
    }

    [Fact]
    public async Task AllFailed_IsTakenAfterTheRetries()
    {
        var (model, upstream) = await AddModelAsync("""{"retries":2,"fallbacks":[{"to":"other","all_failed":true}]}""");
        for (var i = 0; i < 3; i++) world.Simulator.ScriptFor(upstream, "status=500");
        using var response = await gateway.ChatAsync(world.Key, Body(model));

        Assert.Equal(("fallback_all_failed", "4"), (response.Headers.GetValues("x-gateway-route-reason").Single(), response.Headers.GetValues("x-gateway-attempts").Single()));
    }

    [Fact]
    public async Task CircuitOpenByHand_LegServesWithoutAnAttempt()
    {
        var (model, upstream) = await AddModelAsync("""{"fallbacks":[{"to":"other"}]}""");
        var deployment = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where upstream_model = $1", upstream));
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Deployment, deployment, world.Organisation)], """update deployments set breaker = '{"is_held_open":true}' where id = $1""", deployment);

        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await gateway.ChatAsync(world.Key, Body(model));
                return (response.Headers.GetValues("x-gateway-route-reason").Single(), response.Headers.GetValues("x-gateway-attempts").Single()) == ("fallback_unavailable", "1");
            },
            TimeSpan.FromSeconds(30), "the leg serves");
    }

    [Fact]
    public async Task LegThatTheKeyMayNotUse_IsNotTaken()
    {
        var (key, name) = (VirtualKeySecret.Create(), "only-" + Guid.NewGuid().ToString("N")[..10]);
        await world.Configuration.AddKeyAsync(world.Organisation, world.Team, key, name);
        var (model, upstream) = await AddModelAsync("""{"retries":0,"fallbacks":[{"to":"other"}]}""", name);
        world.Simulator.ScriptFor(upstream, "status=503");
        using var response = await gateway.ChatAsync(key, Body(model));

        Assert.Equal(503, (int)response.StatusCode);
    }

    [Fact]
    public async Task ConnectTimeoutOfTheModel_EndsTheAttemptLongBeforeTheProviders()
    {
        // Listens and takes nobody: once its queue is full, connections to it stay half open.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var waiting = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }).ToList();
        foreach (var socket in waiting) _ = socket.ConnectAsync(full.LocalEndPoint!, CancellationToken.None).AsTask().ContinueWith(t => t.Exception, TaskScheduler.Default);
        var provider = await world.Configuration.AddProviderAsync(world.Organisation, "full", $"http://{full.LocalEndPoint}/v1");
        // A minute is longer than this test's client waits.
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Provider, provider, world.Organisation)], "update providers set is_private = true, connect_timeout_ms = 60000 where id = $1", provider);
        var deployment = await world.Configuration.AddDeploymentAsync(world.Organisation, "full", provider, "full", await OtherProvider.AddCredentialAsync(world, provider));
        var (model, _) = await AddModelAsync("""{"connect_timeout_ms":300,"retries":0,"fallbacks":[{"to":"other"}]}""", deployment: deployment);
        using var response = await gateway.ChatAsync(world.Key, Body(model));

        Assert.Equal((200, "fallback_status", "2"), ((int)response.StatusCode, response.Headers.GetValues("x-gateway-route-reason").Single(), response.Headers.GetValues("x-gateway-attempts").Single()));
        foreach (var socket in waiting) socket.Dispose();
    }

    // A model of its own, with a deployment of its own, so that no script of another test meets it.
    private async Task<(string Model, string Upstream)> AddModelAsync(string reliability, string? named = null, Guid? deployment = null)
    {
        var name = named ?? "m" + Guid.NewGuid().ToString("N")[..10];
        var provider = Assert.Single(await world.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await world.Configuration.IdsAsync("select id from credentials where provider_id = $1", provider));
        var small = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        if ((await world.Configuration.IdsAsync("select id from models where name = 'other'")).Length == 0) await world.Configuration.AddModelAsync(world.Organisation, "other", [small]);
        deployment ??= await world.Configuration.AddDeploymentAsync(world.Organisation, name, provider, name, credential);
        await world.Configuration.AddModelAsync(world.Organisation, name, [deployment.Value]);
        var model = Assert.Single(await world.Configuration.IdsAsync("select id from models where name = $1", name));
        var revision = await world.Configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "update models set reliability = $2::jsonb where id = $1", model, reliability);
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the model");
        return (name, name);
    }

    private static string Body(string model) => $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""";
}
