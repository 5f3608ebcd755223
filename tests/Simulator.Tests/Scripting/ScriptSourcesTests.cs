using System.Net;

namespace AspireGateway.Simulator.Tests.Scripting;

public sealed class ScriptSourcesTests : SimulatorTest
{
    [Fact]
    public async Task Message_Marker_ScriptsWithoutAHeader()
    {
        using var response = await ChatAsync(content: "Hi [[sim: status=429; retry-after=1]]");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    [Fact]
    public async Task Message_Marker_IsNotPartOfTheQuestion()
    {
        Assert.Equal(TextOf(await PlainAsync(content: "Hi")), TextOf(await PlainAsync(content: "Hi [[sim: retry-after=1]]")));
    }

    [Fact]
    public async Task Header_AndMessageAndQueue_TheHeaderWinsThenTheMessage()
    {
        Simulator.Script("status=500; retry-after=1; error-code=queue");

        using var response = await ChatAsync(script: "status=503", content: "[[sim: status=502; retry-after=2]]");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal("queue", (await ReadAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Queue_OverHttp_IsConsumedInOrderByModel()
    {
        using var queued = await Http.PostAsync(
            "simulator/script", Json("""["status=500", {"directives":"status=503","model":"b","times":2}, ""]"""), Timeout);
        Assert.Equal(4, (await ReadAsync(queued)).GetProperty("waiting").GetInt32());

        Assert.Equal([500, 200, 503, 503, 200], await StatusesAsync("a", "a", "b", "b", "b"));
    }

    [Fact]
    public async Task Queue_ForAnotherModel_Waits()
    {
        Simulator.ScriptFor("b", "status=503");

        Assert.Equal([200, 503, 200], await StatusesAsync("a", "b", "b"));
        Assert.Equal(0, Simulator.PendingScripts);
    }

    [Fact]
    public async Task Queue_Deleted_IsForgotten()
    {
        Simulator.Script("status=500");

        using var deleted = await Http.DeleteAsync("simulator/script", Timeout);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal([200], await StatusesAsync("a"));
    }

    [Theory]
    [InlineData("\"nonsense\"")]
    [InlineData("[\"status=500\", \"nonsense\"]")]
    [InlineData("{\"directives\":\"status=500\",\"modle\":\"x\"}")]
    [InlineData("{\"directives\":\"status=500\",\"times\":0}")]
    [InlineData("{\"model\":\"x\"}")]
    [InlineData("[1]")]
    [InlineData("not json")]
    public async Task Queue_Faulty_IsRefusedAsAWhole(string body)
    {
        using var response = await Http.PostAsync("simulator/script", Json(body), Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await ReadAsync(response)).GetProperty("error").GetString()!);
        Assert.Equal(0, Simulator.PendingScripts);
    }

    [Fact]
    public async Task Directive_Unknown_Is400WithTheKnownNames()
    {
        using var response = await ChatAsync(script: "explode");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await ReadAsync(response)).GetProperty("error");
        Assert.Equal("unknown_directive", error.GetProperty("code").GetString());
        Assert.Contains("stall-after", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Script_InProcessWithAFault_Throws()
    {
        Assert.Throws<ArgumentException>(() => Simulator.Script("status=500", "explode"));
        Assert.Equal(0, Simulator.PendingScripts);
    }

    private async Task<List<int>> StatusesAsync(params string[] models)
    {
        var statuses = new List<int>();
        foreach (var model in models)
        {
            using var response = await ChatAsync(model: model);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}
