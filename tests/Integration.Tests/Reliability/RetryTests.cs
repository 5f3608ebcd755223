using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>One world whose gateway waits milliseconds where it usually waits seconds.</summary>
public sealed class QuickRetries(StoresFixture stores) : IAsyncLifetime
{
    internal GatewayWorld World { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        World = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        // One test sits it out; the others have to be answered before it.
        await World.ChangeProviderAsync("first_byte_timeout_ms = 4000, idle_timeout_ms = 4000");
        Gateway = await World.StartGatewayAsync(
            "gateway", waitUntilReady: true, "Gateway__Reliability__FirstDelayMs=5", "Gateway__Reliability__LongestDelayMs=20", "Gateway__Reliability__RetryReserve=1000",
            "Gateway__Reliability__BreakerFailures=0", "Gateway__Reliability__BreakerFailurePercent=0");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
    }
}

/// <summary>Failures that pass are not seen by callers; those that stay are told after as many attempts as were promised, each in the books.</summary>
public sealed class RetryTests(QuickRetries fixture) : IClassFixture<QuickRetries>
{
    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("status=500", false)]
    [InlineData("status=529", true)]
    [InlineData("status=409", false)]
    [InlineData("cut-before-first", true)]
    public async Task OnlyDeployment_FailsTwice_ThirdAttemptAnswers(string directive, bool stream)
    {
        var id = NewId();
        for (var i = 0; i < 2; i++) world.Simulator.ScriptFor("sim-small", directive);
        using var response = await gateway.ChatAsync(world.Key, Body("", stream), id);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync();

        Assert.Equal("3", Assert.Single(response.Headers.GetValues("x-gateway-attempts")));
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", "sim-second"), (record.Status, record.Deployment));
        Assert.Equal(["sim-second", "sim-second", "sim-second"], record.FallbackChain);
    }

    [Theory]
    [InlineData("status=500", 502, 4)]
    [InlineData("status=503", 503, 4)]
    [InlineData("status=401", 502, 1)]
    [InlineData("status=400", 400, 1)]
    [InlineData("stall-before-first", 504, 1)]
    [InlineData("malformed-after=0; content-type=text/html", 502, 1)]
    public async Task OnlyDeployment_KeepsFailing_IsTriedAsOftenAsItMayHelp(string directive, int status, int attempts)
    {
        using var response = await gateway.ChatAsync(world.Key, Body($"[[sim: {directive}]]", stream: false));

        Assert.Equal((status, attempts.ToString()), ((int)response.StatusCode, Assert.Single(response.Headers.GetValues("x-gateway-attempts"))));
    }

    [Fact]
    public async Task FirstOfTwo_Fails_OtherIsAskedWithoutAWait_AndBothAgainWhenItFailsToo()
    {
        var id = NewId();
        world.Simulator.ScriptFor("sim-large", "status=500");
        world.Simulator.ScriptFor("sim-small", "status=500");
        using var response = await gateway.ChatAsync(world.Key, Body("", stream: false, "chain"), id);
        response.EnsureSuccessStatusCode();

        Assert.Equal(["sim-first", "sim-second", "sim-first"], (await world.RecordAsync(id)).FallbackChain);
    }

    [Fact]
    public async Task RetryAfter_BeyondTheDeadline_IsToldAtOnce()
    {
        using var response = await gateway.ChatAsync(world.Key, Body("[[sim: status=429; retry-after=30]]", stream: false, "sim/sim-embed"), headers: ("x-gateway-timeout-ms", "20000"));

        Assert.Equal((429, 30.0), ((int)response.StatusCode, response.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("x-gateway-attempts")));
    }

    [Fact]
    public async Task RetryAfter_WithinTheDeadline_IsHonoured()
    {
        var id = NewId();
        // It rests afterwards; no other test needs it.
        world.Simulator.ScriptFor("sim-large", "status=429; retry-after=1");
        using var response = await gateway.ChatAsync(world.Key, Body("", stream: false, "sim/sim-large"), id);
        response.EnsureSuccessStatusCode();

        var record = await world.RecordAsync(id);
        Assert.True(record.LatencyUs >= 1_000_000, $"{record.LatencyUs} µs");
        Assert.Equal("2", Assert.Single(response.Headers.GetValues("x-gateway-attempts")));
    }

    private static string NewId() => "r-" + Guid.NewGuid().ToString("N");

    private static string Body(string text, bool stream, string model = "small") =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello {{text}}"}]}""";
}
