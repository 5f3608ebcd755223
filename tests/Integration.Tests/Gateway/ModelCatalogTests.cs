using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>The models of a key, in the shape that the caller's SDK expects.</summary>
public sealed class ModelCatalogTests(VendorFixture fixture) : IClassFixture<VendorFixture>
{
    private static readonly (string, string) Anthropic = ("anthropic-version", "2023-06-01");

    [Fact]
    public async Task AnthropicCaller_GetsItsShape_PageByPage()
    {
        var first = await JsonAsync("/v1/models?limit=2", Anthropic);
        string[] ids = [.. first.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
        var model = first.GetProperty("data")[0];

        Assert.Equal(["chain", "embed"], ids);
        Assert.Equal(("model", "chain"), (model.GetProperty("type").GetString(), model.GetProperty("display_name").GetString()));
        Assert.Matches("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$", model.GetProperty("created_at").GetString());
        Assert.Equal((true, "chain", "embed"), (first.GetProperty("has_more").GetBoolean(), first.GetProperty("first_id").GetString(), first.GetProperty("last_id").GetString()));

        var next = await JsonAsync("/v1/models?limit=1&after_id=embed", Anthropic);
        Assert.Equal("gpt-4o-mini", next.GetProperty("first_id").GetString());
        var before = await JsonAsync("/v1/models?limit=1&before_id=embed", Anthropic);
        Assert.Equal(("chain", false), (before.GetProperty("first_id").GetString(), before.GetProperty("has_more").GetBoolean()));
        var last = await JsonAsync("/v1/models?limit=1000", Anthropic);
        Assert.False(last.GetProperty("has_more").GetBoolean());
    }

    [Theory]
    [InlineData("/v1/models/vend/m1")]
    [InlineData("/v1/models/vend%2Fm1")]
    public async Task Model_WithASlash_IsFoundEscapedOrNot(string path)
    {
        Assert.Equal(("vend/m1", "model"), (await JsonAsync(path, Anthropic)) is var anthropic ? (anthropic.GetProperty("id").GetString()!, anthropic.GetProperty("type").GetString()!) : default);
        Assert.Equal(("vend/m1", "model"), (await JsonAsync(path)) is var openAi ? (openAi.GetProperty("id").GetString()!, openAi.GetProperty("object").GetString()!) : default);
    }

    [Fact]
    public async Task NarrowKey_SeesItsModelOnly()
    {
        using var list = await fixture.SendAsync(HttpMethod.Get, "/v1/models", null, fixture.NarrowKey, headers: Anthropic);
        var data = (await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        using var hidden = await fixture.SendAsync(HttpMethod.Get, "/v1/models/vend/m2", null, fixture.NarrowKey, headers: Anthropic);

        Assert.Equal("vend/m1", Assert.Single(data.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Equal("not_found_error", (await hidden.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("after_id=a&before_id=b")]
    public async Task Page_ThatCannotBe_IsRefused(string query)
    {
        using var response = await fixture.SendAsync(HttpMethod.Get, "/v1/models?" + query, null, headers: Anthropic);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<JsonElement> JsonAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await fixture.SendAsync(HttpMethod.Get, path, null, headers: headers);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
