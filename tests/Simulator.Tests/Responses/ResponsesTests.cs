using System.Net;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Responses;

public sealed class ResponsesTests : SimulatorTest
{
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"name\":\"find\",\"parameters\":{\"type\":\"object\"}}]";

    [Fact]
    public async Task Plain_Text_HasTheShapeOfAResponse()
    {
        var (status, reply) = await SendAsync("""{"model":"sim-small","input":"Hello there","temperature":0.5}""");

        Assert.Equal(200, status);
        Assert.Equal(("response", "completed"), (reply.GetProperty("object").GetString(), reply.GetProperty("status").GetString()));
        Assert.Equal(TextOf(await PlainAsync()), reply.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(0.5, reply.GetProperty("temperature").GetDouble());
        Assert.Equal(
            reply.GetProperty("usage").GetProperty("input_tokens").GetInt32() + reply.GetProperty("usage").GetProperty("output_tokens").GetInt32(),
            reply.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task PreviousResponse_ToolResult_ContinuesTheConversation()
    {
        var (_, first) = await SendAsync($$"""{"model":"sim-small","input":"call find",{{Tools}}}""");
        var call = first.GetProperty("output")[0].GetProperty("call_id").GetString();
        var (status, second) = await SendAsync(
            $$"""{"model":"sim-small","previous_response_id":"{{first.GetProperty("id").GetString()}}","input":[{"type":"function_call_output","call_id":"{{call}}","output":"sunny"}],{{Tools}}}""");

        Assert.Equal(200, status);
        Assert.Contains("sunny", second.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(second.GetProperty("usage").GetProperty("input_tokens").GetInt32() > first.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Stored_FetchedAndDeleted_IsGone()
    {
        var (_, reply) = await SendAsync("""{"model":"sim-small","input":"Hello"}""");
        var path = $"v1/responses/{reply.GetProperty("id").GetString()}";

        using var fetched = await Http.GetAsync(path, Timeout);
        using var deleted = await Http.DeleteAsync(path, Timeout);
        using var gone = await Http.GetAsync(path, Timeout);

        Assert.Equal(reply.GetRawText(), (await ReadAsync(fetched)).GetRawText());
        Assert.True((await ReadAsync(deleted)).GetProperty("deleted").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task StoreFalse_IsNotKept()
    {
        var (_, reply) = await SendAsync("""{"model":"sim-small","input":"Hello","store":false}""");
        var (status, refused) = await SendAsync($$"""{"model":"sim-small","input":"x","previous_response_id":"{{reply.GetProperty("id").GetString()}}"}""");

        Assert.Equal((400, "previous_response_not_found"), (status, refused.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Refusal_Scripted_IsARefusalPart()
    {
        Simulator.Script("refusal=\"I will not.\"");
        var (_, reply) = await SendAsync("""{"model":"sim-small","input":"Hello"}""");

        var part = reply.GetProperty("output")[0].GetProperty("content")[0];
        Assert.Equal(("refusal", "I will not."), (part.GetProperty("type").GetString(), part.GetProperty("refusal").GetString()));
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", "input")]
    [InlineData("""{"model":"m","input":"x","max_tokens":5}""", "max_tokens")]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":5}""", "max_output_tokens")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"text","text":"x"}]}]}""", "input[0].content[0]")]
    [InlineData("""{"model":"m","input":[{"role":"assistant","content":[{"type":"input_text","text":"x"}]}]}""", "input[0].content[0]")]
    [InlineData("""{"model":"m","input":"x","tools":[{"type":"function","function":{"name":"f"}}]}""", "tools[0].name")]
    [InlineData("""{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"x"}]}""", "input")]
    public async Task BadRequest_Refused_NamesTheParameter(string body, string param)
    {
        var (status, reply) = await SendAsync(body);

        Assert.Equal((400, param), (status, reply.GetProperty("error").GetProperty("param").GetString()));
    }

    private async Task<(int Status, JsonElement Reply)> SendAsync(string body)
    {
        using var response = await Http.PostAsync("v1/responses", Json(body), Timeout);
        return ((int)response.StatusCode, await ReadAsync(response));
    }
}
