using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>Whatever is wrong with a request, the caller gets OpenAI's error shape with the right status and a sentence that helps.</summary>
public sealed class BadInputTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("not json", 400, "invalid_request_error", null, "not valid JSON")]
    [InlineData("""{"model":"small"}""", 400, "invalid_request_error", "messages", "missing")]
    [InlineData("""{"model":"small","messages":[]}""", 400, "invalid_request_error", "messages", "empty")]
    [InlineData("{" + Hello + ""","model":"small","max_tokens":-5}""", 400, "invalid_request_error", "max_tokens", "at least 1")]
    [InlineData("{" + Hello + ""","model":"no-such"}""", 404, "model_not_found", "model", "GET /v1/models")]
    [InlineData("{" + Hello + ""","model":"sim/no-such"}""", 404, "model_not_found", "model", "GET /v1/models")]
    public async Task Body_ThatCannotBeServed_IsExplained(string body, int status, string code, string? param, string says)
    {
        using var response = await gateway.ChatAsync(world.Key, body);

        await AssertErrorAsync(response, status, code, says, param);
    }

    [Theory]
    [InlineData("x-gateway-timeout-ms", "soon")]
    [InlineData("x-gateway-tags", "no-equals-sign")]
    [InlineData("x-gateway-metadata", "header")]
    public async Task Header_ThatCannotBeRead_IsNamed(string name, string value)
    {
        using var response = await gateway.ChatAsync(world.Key, "{" + Hello + "}", headers: (name, value));

        await AssertErrorAsync(response, 400, "invalid_request_error", name, name);
    }

    [Theory]
    [InlineData(null, "No API key")]
    [InlineData("sk-somebody-elses", "begin with 'agw-'")]
    [InlineData("agw-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not known")]
    public async Task Key_ThatIsMissingOrWrong_Is401(string? key, string says)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("{" + Hello + "}") };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await gateway.Http.SendAsync(request);

        await AssertErrorAsync(response, 401, "invalid_api_key", says);
    }

    [Fact]
    public async Task Key_InTheOtherHeader_Serves()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("{" + Hello + "}") };
        request.Headers.Add("x-api-key", world.Key);
        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Key_ExpiredOrForOtherModels_IsExplained()
    {
        var expired = Shared.Domain.VirtualKeySecret.Create();
        var limited = Shared.Domain.VirtualKeySecret.Create();
        var expiredId = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, expired);
        await world.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.VirtualKey, expiredId, world.Organisation)], "update virtual_keys set expires_at = now() - interval '1 hour' where id = $1", expiredId);
        await world.Configuration.AddKeyAsync(world.Organisation, world.Team, limited, "chain", "sim/*");

        await Stores.Eventually.HoldsAsync(
            async () => (await gateway.ChatAsync(limited, "{" + Hello + ""","model":"chain"}""")).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "the new key is known");
        using var late = await gateway.ChatAsync(expired, "{" + Hello + "}");
        await AssertErrorAsync(late, 401, "invalid_api_key", "expired at");
        using var other = await gateway.ChatAsync(limited, "{" + Hello + ""","model":"gpt-4o-mini"}""");
        await AssertErrorAsync(other, 403, "model_not_allowed", "may not use model 'small'", "model");
        using var direct = await gateway.ChatAsync(limited, "{" + Hello + ""","model":"sim/sim-small"}""");
        Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
        Assert.DoesNotContain("\"small\"", await ModelsAsync(limited), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OverTheLimit_Is413(bool chunked)
    {
        var body = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + new string('x', 150_000) + "\"}]}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Key);
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await gateway.Http.SendAsync(request);

        await AssertErrorAsync(response, 413, "request_too_large", "100,000 bytes");
    }

    [Theory]
    [InlineData(150_000, 400)]
    [InlineData(250_000, 413)]
    public async Task MultipartBody_HasItsOwnLimit(int size, int status)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[size]), "file", "a.bin" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Key);
        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Limit_OfTheKey_WinsOverTheDefault()
    {
        var secret = Shared.Domain.VirtualKeySecret.Create();
        var id = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, secret);
        await world.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.VirtualKey, id, world.Organisation)], "update virtual_keys set max_body_bytes = 1000000 where id = $1", id);
        var body = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + new string('x', 500_000) + "\"}]}";

        await Stores.Eventually.HoldsAsync(async () => (await gateway.ChatAsync(secret, body)).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(30), "the key's own limit counts");
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed", "POST")]
    [InlineData("DELETE", "/v1/models", 405, "method_not_allowed", "GET")]
    [InlineData("GET", "/v1/nothing", 404, "route_not_found", "/v1/nothing")]
    [InlineData("POST", "/", 404, "route_not_found", "/v1/chat/completions")]
    public async Task Route_ThatIsUnknown_IsExplained(string method, string path, int status, string code, string says)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await gateway.Http.SendAsync(request);

        await AssertErrorAsync(response, status, code, says);
    }

    [Fact]
    public async Task Refusal_OfAKnownKey_LeavesOneRecordAndCallsNobody()
    {
        var id = "refused-" + Guid.NewGuid().ToString("N");
        using var response = await gateway.ChatAsync(world.Key, "{" + Hello + ""","model":"no-such"}""", id);

        Assert.Equal(id, Assert.Single(response.Headers.GetValues("x-request-id")));
        var record = await world.RecordAsync(id);
        Assert.Equal(("refused", 404, "model_not_found", 0L, world.KeyId), (record.Status, record.StatusCode, record.Error, record.CostNanoUsd, record.KeyId));
        Assert.DoesNotContain(world.Simulator.Requests, request => request.Model.Contains("no-such", StringComparison.Ordinal));
    }

    private async Task<string> ModelsAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await gateway.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, int status, string code, string says, string? param = null)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.GetProperty("type").GetString()));
    }
}
