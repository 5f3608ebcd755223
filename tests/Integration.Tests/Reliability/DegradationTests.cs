using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>What callers of a model with a canned answer get when nobody is left, in every dialect; and who still gets the error.</summary>
public sealed class DegradationTests(QuickRetries fixture) : IClassFixture<QuickRetries>
{
    private const string Answer = "Not now.\nTry \"later\".";

    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("/v1/chat/completions", false, "\"finish_reason\":\"stop\"", "}")]
    [InlineData("/v1/chat/completions", true, "\"finish_reason\":\"stop\"", "data: [DONE]")]
    [InlineData("/v1/messages", false, "\"stop_reason\":\"end_turn\"", "}")]
    [InlineData("/v1/messages", true, "\"stop_reason\":\"end_turn\"", "data: {\"type\":\"message_stop\"}")]
    [InlineData("/v1/responses", false, "\"status\":\"completed\"", "}")]
    [InlineData("/v1/responses", true, "response.completed", "}")]
    public async Task NobodyLeft_TheCannedAnswer_InTheCallersDialect(string path, bool stream, string finish, string end)
    {
        var model = await AddAsync();
        world.Simulator.ScriptFor(model, "status=503");
        var id = Guid.NewGuid().ToString("N");
        using var response = await PostAsync(path, Body(path, model, stream), id);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "degraded_canned", "1"), ((int)response.StatusCode, Header(response, "x-gateway-route-reason"), Header(response, "x-gateway-attempts")));
        Assert.False(response.Headers.Contains("x-gateway-deployment"));
        Assert.Contains(JsonEncodedText.Encode(Answer, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), text, StringComparison.Ordinal);
        Assert.Contains(finish, text.Replace(": ", ":", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith(end, text.TrimEnd(), StringComparison.Ordinal);
        if (stream) Assert.Contains(": gateway {\"cost_usd\":0,", text, StringComparison.Ordinal);
        else Assert.Equal("0", Header(response, "x-gateway-cost-usd"));
        var record = await world.RecordAsync(id);
        Assert.Equal((UsageStatuses.Degraded, 200, "no_healthy_deployment", 0L, stream), (record.Status, record.StatusCode, record.Error, record.CostNanoUsd, record.Streamed));
    }

    [Fact]
    public async Task NobodyToAsk_IsNobodyLeft_AndTheBodySaysSo()
    {
        var model = await AddAsync();
        var deployment = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = $1", model));
        await ChangeAsync(ConfigurationKinds.Deployment, deployment, "update deployments set is_enabled = false where id = $1");
        using var response = await PostAsync("/v1/chat/completions", Body("/v1/chat/completions", model, stream: false), null, ("x-gateway-metadata", "body"));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Answer, body.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        var gatewaySays = body.RootElement.GetProperty("gateway");
        Assert.Equal("degraded_canned", gatewaySays.GetProperty("route_reason").GetString());
        Assert.False(gatewaySays.TryGetProperty("deployment", out _));
    }

    [Theory]
    [InlineData("""  ,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]""", "status=503", "", 503)]
    [InlineData(""" ,"response_format":{"type":"json_object"}""", "status=503", "", 503)]
    [InlineData(""" ,"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}""", "status=503", "", 503)]
    [InlineData(""" ,"n":2""", "status=503", "", 503)]
    [InlineData("", "status=503", "true", 503)]
    // What the request itself is to blame for.
    [InlineData("", "status=400", "", 400)]
    [InlineData("", "failure=content-policy", "", 400)]
    public async Task WhereATextWouldBeWrong_TheErrorStays(string more, string directive, string strict, int status)
    {
        var model = await AddAsync();
        world.Simulator.ScriptFor(model, directive);
        (string, string)[] headers = strict.Length > 0 ? [("x-gateway-strict", strict)] : [];
        using var response = await PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]{{more}}}""", null, headers);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEqual("degraded_canned", Header(response, "x-gateway-route-reason"));
    }

    [Fact]
    public async Task SomebodyLeft_AnswersItself()
    {
        var model = await AddAsync();
        using var response = await PostAsync("/v1/chat/completions", Body("/v1/chat/completions", model, stream: false), null);
        Assert.DoesNotContain("Not now.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(model, Header(response, "x-gateway-deployment"));
    }

    // A model of its own, with a deployment of its own, so that no script of another test meets it.
    private async Task<string> AddAsync()
    {
        var name = "g" + Guid.NewGuid().ToString("N")[..10];
        var provider = Assert.Single(await world.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await world.Configuration.IdsAsync("select id from credentials where organisation_id = $1", world.Organisation));
        var deployment = await world.Configuration.AddDeploymentAsync(world.Organisation, name, provider, name, credential);
        await world.Configuration.AddPriceAsync(world.Organisation, deployment, """{"input":150000000,"output":600000000,"request":1000000}""", DateTimeOffset.UnixEpoch);
        await world.Configuration.AddModelAsync(world.Organisation, name, [deployment]);
        var model = Assert.Single(await world.Configuration.IdsAsync("select id from models where name = $1", name));
        var settings = JsonSerializer.Serialize(new { retries = 0, degradation = new { action = "canned", text = Answer } });
        await ChangeAsync(ConfigurationKinds.Model, model, "update models set reliability = $2::jsonb where id = $1", settings);
        return name;
    }

    private async Task ChangeAsync(string kind, Guid id, string sql, params object[] more)
    {
        var revision = await world.Configuration.WriteAsync([new(kind, id, world.Organisation)], sql, [id, .. more]);
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the change");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string? id, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + world.Key);
        if (id is not null) request.Headers.Add("x-request-id", id);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await gateway.Http.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static string Body(string path, string model, bool stream) => path == "/v1/responses"
        ? $$"""{"model":"{{model}}","input":"Hello","stream":{{(stream ? "true" : "false")}}}"""
        : $$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"Hello"}],"stream":{{(stream ? "true" : "false")}}}""";
}
