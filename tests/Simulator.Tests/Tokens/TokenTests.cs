using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Tokens;

public sealed class TokenTests : SimulatorTest
{
    private const string GeminiAsk = """{"contents":[{"role":"user","parts":[{"text":"Hello there"}]}]}""";
    private const string Vertex = "v1/projects/sim-project/locations/europe-west1/publishers/google/models/sim-small:generateContent";
    private const string Azure = "openai/deployments/sim-small/chat/completions?api-version=2026-01-01";

    [Fact]
    public async Task Google_SignedAssertion_OpensVertex()
    {
        using var response = await GoogleAsync(Assertion());
        var token = (await ReadAsync(response)).GetProperty("access_token").GetString();

        using var answer = await WithBearerAsync(Vertex, GeminiAsk, token!);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("ON_DEMAND", (await ReadAsync(answer)).GetProperty("usageMetadata").GetProperty("trafficType").GetString());
    }

    [Fact]
    public async Task Google_VertexPredict_EmbedsWithTokens()
    {
        using var response = await GoogleAsync(Assertion());
        var token = (await ReadAsync(response)).GetProperty("access_token").GetString();

        using var answer = await WithBearerAsync(
            Vertex.Replace("generateContent", "predict", StringComparison.Ordinal), """{"instances":[{"content":"12345678"}],"parameters":{"outputDimensionality":64}}""", token!);

        var embedding = (await ReadAsync(answer)).GetProperty("predictions")[0].GetProperty("embeddings");
        Assert.Equal((64, 2), (embedding.GetProperty("values").GetArrayLength(), embedding.GetProperty("statistics").GetProperty("token_count").GetInt32()));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("expired")]
    [InlineData("scope")]
    public async Task Google_WrongAssertion_IsRefused(string fault)
    {
        using var response = await GoogleAsync(Assertion(fault));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(fault == "scope" ? "invalid_scope" : "invalid_grant", (await ReadAsync(response)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Entra_ClientSecret_OpensAzureUntilItExpires()
    {
        var token = (await ReadAsync(await EntraAsync())).GetProperty("access_token").GetString()!;
        Simulator.ScriptFor("token", "expires-in=0");
        var expired = (await ReadAsync(await EntraAsync())).GetProperty("access_token").GetString()!;

        using var good = await WithBearerAsync(Azure, ChatBody(), token);
        using var bad = await WithBearerAsync(Azure, ChatBody(), expired);
        using var foreign = await WithBearerAsync(Azure, ChatBody(), "sk-1");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (good.StatusCode, bad.StatusCode, foreign.StatusCode));
    }

    [Fact]
    public async Task Entra_WrongSecret_IsInvalidClient()
    {
        using var response = await EntraAsync(secret: "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_client", (await ReadAsync(response)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Script_ForAnyModel_IsLeftToTheCall()
    {
        Simulator.Script("status=503");
        using var token = await EntraAsync();

        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        Assert.Equal(1, Simulator.PendingScripts);
    }

    private Task<HttpResponseMessage> GoogleAsync(string assertion) => Http.PostAsync("token", new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ["assertion"] = assertion,
    }), Timeout);

    private Task<HttpResponseMessage> EntraAsync(string secret = SimulatedCredentials.EntraClientSecret) => Http.PostAsync("a-tenant/oauth2/v2.0/token", new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = "a-client",
        ["client_secret"] = secret,
        ["scope"] = "https://cognitiveservices.azure.com/.default",
    }), Timeout);

    private async Task<HttpResponseMessage> WithBearerAsync(string path, string body, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, Timeout);
    }

    private string Assertion(string? fault = null)
    {
        var account = JsonElement.Parse(Simulator.GoogleServiceAccountJson());
        using var key = RSA.Create(2048);
        if (fault != "key") key.ImportFromPem(account.GetProperty("private_key").GetString());
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (fault == "expired" ? 7200 : 0);
        var scope = fault == "scope" ? "email" : "https://www.googleapis.com/auth/cloud-platform";
        var claims = JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = account.GetProperty("client_email").GetString()!, ["scope"] = scope, ["aud"] = account.GetProperty("token_uri").GetString()!,
            ["iat"] = now, ["exp"] = now + 3600,
        });
        var data = $"{Base64Url.EncodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{data}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(data), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }
}
