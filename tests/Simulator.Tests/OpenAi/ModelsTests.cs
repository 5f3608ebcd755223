using System.Net;

namespace AspireGateway.Simulator.Tests.OpenAi;

public sealed class ModelsTests : SimulatorTest
{
    [Fact]
    public async Task Models_List_NamesTheFour()
    {
        using var response = await Http.GetAsync("v1/models", Timeout);

        var names = (await ReadAsync(response)).GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString());
        Assert.Equal(["sim-small", "sim-large", "sim-reasoning", "sim-embed"], names);
    }

    [Fact]
    public async Task Models_Retrieve_KnowsAnyName()
    {
        using var response = await Http.GetAsync("v1/models/vendor/some-model", Timeout);

        Assert.Equal("vendor/some-model", (await ReadAsync(response)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("v1/nope")]
    [InlineData("v1/chat")]
    public async Task Route_Unknown_Is404InOpenAisShape(string path)
    {
        using var response = await Http.PostAsync(path, Json("{}"), Timeout);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("invalid_request_error", (await ReadAsync(response)).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Models_NoKey_Is401()
    {
        Http.DefaultRequestHeaders.Authorization = null;

        using var response = await Http.GetAsync("v1/models", Timeout);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Health_NoKey_IsOk()
    {
        Http.DefaultRequestHeaders.Authorization = null;

        using var response = await Http.GetAsync("health", Timeout);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
