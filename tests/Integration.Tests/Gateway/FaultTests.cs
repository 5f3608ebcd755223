using System.Net.Http.Json;
using System.Text.Json;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>What callers and books see when the provider fails in every way that it can.</summary>
public sealed class FaultTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("status=400", 400, "invalid_request_error", "failed")]
    [InlineData("status=401", 502, "upstream_error", "failed")]
    [InlineData("status=404", 502, "upstream_error", "failed")]
    [InlineData("status=429; retry-after=7", 429, "rate_limit_exceeded", "failed")]
    [InlineData("status=500", 502, "upstream_error", "failed")]
    [InlineData("status=529; error-body=html", 503, "no_healthy_deployment", "failed")]
    [InlineData("status=503; error-body=empty", 503, "no_healthy_deployment", "failed")]
    [InlineData("stall-before-first", 504, "upstream_timeout", "failed")]
    [InlineData("content-type=text/html; malformed-after=0", 502, "upstream_error", "failed")]
    public async Task Plain_ProviderFails_CallerGetsOneClearError(string directive, int status, string code, string recorded)
    {
        var id = NewId();
        // A deployment that was refused for its rate rests, so that one is not in any chain.
        using var response = await gateway.ChatAsync(world.Key, Body(directive, stream: false, directive.StartsWith("status=429", StringComparison.Ordinal) ? "embed" : "small"), id);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
        if (status == 429) Assert.Equal(7, response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        var record = await world.RecordAsync(id);
        // Failed before the first byte: nothing is billed.
        Assert.Equal((recorded, status, code, 0L), (record.Status, record.StatusCode, record.Error, record.CostNanoUsd));
    }

    [Theory]
    [InlineData("status=500", 502, "upstream_error")]
    [InlineData("stall-before-first", 504, "upstream_timeout")]
    [InlineData("content-type=text/html", 502, "upstream_error")]
    public async Task Stream_ProviderFailsBeforeTheFirstByte_IsAPlainError(string directive, int status, string code)
    {
        using var response = await gateway.ChatAsync(world.Key, Body(directive, stream: true));
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("cut-after=1", "upstream_error")]
    [InlineData("cut-after=3", "upstream_error")]
    [InlineData("end-after=3", "upstream_error")]
    [InlineData("malformed-after=2", "upstream_error")]
    [InlineData("stall-after=3", "upstream_timeout")]
    public async Task Stream_BreaksOnTheWay_NeverLooksLikeSuccess(string directive, string code)
    {
        var id = NewId();
        using var response = await gateway.ChatAsync(world.Key, Body(directive, stream: true), id);
        var (text, endedCleanly) = await ReadToTheBreakAsync(response);

        Assert.False(endedCleanly);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var last = text.TrimEnd().Split("\n\n")[^1];
        Assert.Equal(code, JsonDocument.Parse(last["data: ".Length..]).RootElement.GetProperty("error").GetProperty("code").GetString());
        var record = await world.RecordAsync(id);
        Assert.Equal(("truncated", code, true), (record.Status, record.Error, record.Estimated));
        Assert.True(record is { InputTokens: > 0, OutputTokens: > 0, CostNanoUsd: > 0 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_NotReported_IsEstimatedAndFlagged(bool stream)
    {
        var id = NewId();
        using var response = await gateway.ChatAsync(world.Key, Body("no-usage", stream), id);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync();

        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", true), (record.Status, record.Estimated));
        Assert.True(record is { InputTokens: > 0, OutputTokens: > 0, CostNanoUsd: > 0 });
    }

    [Theory]
    [InlineData("no-done")]
    [InlineData("chunked-split=7")]
    public async Task Stream_OddButWhole_EndsWell(string directive)
    {
        using var response = await gateway.ChatAsync(world.Key, Body(directive, stream: true));

        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status=500", false)]
    [InlineData("status=429; retry-after=0", true)]
    [InlineData("content-type=text/html", true)]
    public async Task FirstDeployment_Fails_TheNextOneServes(string directive, bool stream)
    {
        var id = NewId();
        world.Simulator.ScriptFor("sim-large", directive);
        using var response = await gateway.ChatAsync(world.Key, Body(null, stream, "chain"), id);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync();

        Assert.Equal("2", Assert.Single(response.Headers.GetValues("x-gateway-attempts")));
        Assert.Equal("sim-second", Assert.Single(response.Headers.GetValues("x-gateway-deployment")));
        var record = await world.RecordAsync(id);
        Assert.Equal(["sim-first", "sim-second"], record.FallbackChain);
        Assert.Equal("ok", record.Status);
    }

    [Fact]
    public async Task RejectedRequest_IsNotTriedElsewhere()
    {
        world.Simulator.ScriptFor("sim-large", "status=400");
        using var response = await gateway.ChatAsync(world.Key, Body(null, stream: false, "chain"));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("x-gateway-attempts")));
    }

    [Fact]
    public async Task CallersDeadline_EndsTheCall()
    {
        using var response = await gateway.ChatAsync(world.Key, Body("stall-before-first", stream: false), headers: ("x-gateway-timeout-ms", "200"));

        Assert.Equal(504, (int)response.StatusCode);
    }

    [Fact]
    public async Task CallerLeavesMidStream_ProviderIsCancelledAndOneRecordStays()
    {
        var id = NewId();
        using var response = await gateway.ChatAsync(world.Key, Body("chunks=500; chunk-ms=100", stream: true), id);
        await using (var stream = await response.Content.ReadAsStreamAsync())
        {
            var buffer = new byte[1];
            Assert.Equal(1, await stream.ReadAsync(buffer));
        }
        response.Dispose();

        await world.Simulator.WaitForRequestAsync(r => r is { Aborted: true, Stream: true });
        var record = await world.RecordAsync(id);
        Assert.Equal(("aborted", 499, true, true), (record.Status, record.StatusCode, record.Estimated, record.Streamed));
        Assert.True(record.InputTokens > 0);
    }

    [Fact]
    public async Task CallerLeavesBeforeTheAnswer_ProviderIsCancelledAndOneRecordStays()
    {
        var id = NewId();
        using var leaving = new CancellationTokenSource();
        var call = gateway.ChatAsync(world.Key, Body("stall-before-first; chunks=11", stream: false), id, leaving.Token);
        await world.Simulator.WaitForRequestAsync(r => r.Body is { } body && System.Text.Encoding.UTF8.GetString(body).Contains("chunks=11", StringComparison.Ordinal));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var record = await world.RecordAsync(id);
        Assert.Equal(("aborted", 499, true), (record.Status, record.StatusCode, record.Estimated));
    }

    private static string NewId() => "t-" + Guid.NewGuid().ToString("N");

    private static string Body(string? directive, bool stream, string model = "small") =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello there {{(directive is null ? "" : $"[[sim: {directive}]]")}}"}]}""";

    private static async Task<(string Text, bool EndedCleanly)> ReadToTheBreakAsync(HttpResponseMessage response)
    {
        var text = new MemoryStream();
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(text);
            return (System.Text.Encoding.UTF8.GetString(text.ToArray()), true);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return (System.Text.Encoding.UTF8.GetString(text.ToArray()), false);
        }
    }
}
