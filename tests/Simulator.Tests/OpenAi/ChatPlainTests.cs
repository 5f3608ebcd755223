using System.Net;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.OpenAi;

public sealed class ChatPlainTests : SimulatorTest
{
    [Fact]
    public async Task Answer_SameQuestion_IsTheSameText()
    {
        var first = TextOf(await PlainAsync(content: "How do I bake bread?"));
        var second = TextOf(await PlainAsync(content: "How do I bake bread?"));
        var other = TextOf(await PlainAsync(content: "How do I repair a bicycle?"));

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Contains("How do I bake bread?", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_Shape_IsOpenAis()
    {
        var reply = await PlainAsync();

        Assert.Equal("chat.completion", reply.GetProperty("object").GetString());
        Assert.StartsWith("chatcmpl-", reply.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("sim-small", reply.GetProperty("model").GetString());
        Assert.Equal("assistant", reply.GetProperty("choices")[0].GetProperty("message").GetProperty("role").GetString());
        Assert.Equal("stop", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Usage_FourBytesAToken_AddsUp()
    {
        var reply = await PlainAsync(content: "12345678");

        var usage = reply.GetProperty("usage");
        Assert.Equal(3 + 4 + 2, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal((Encoding.UTF8.GetByteCount(TextOf(reply)) + 3) / 4, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32(),
            usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task MaxTokens_ShorterThanTheAnswer_EndsWithLength()
    {
        var reply = await PlainAsync("\"max_tokens\":3");

        Assert.Equal("length", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(3, reply.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(12, TextOf(reply).Length);
    }

    [Fact]
    public async Task Stop_OccursInTheAnswer_CutsBeforeIt()
    {
        Assert.Equal("one two ", TextOf(await PlainAsync("\"stop\":[\"four\",\"three\"]", "text=\"one two three four\"")));
    }

    [Fact]
    public async Task N_Three_GivesThreeDifferentChoices()
    {
        var reply = await PlainAsync("\"n\":3");

        Assert.Equal(3, reply.GetProperty("choices").GetArrayLength());
        Assert.Equal(3, Enumerable.Range(0, 3).Select(i => TextOf(reply, i)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Tool_AskedForByName_IsCalledWithFittingArguments()
    {
        var reply = await PlainAsync(
            """ "tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":2}}}}},{"type":"function","function":{"name":"get","parameters":{}}}]""",
            content: "Please call get_weather now");

        var choice = reply.GetProperty("choices")[0];
        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().ToArray());
        Assert.Equal("get_weather", call.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(2, JsonElement.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!).GetProperty("days").GetInt32());
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
    }

    [Fact]
    public async Task Tool_NotAskedFor_IsNotCalled()
    {
        var reply = await PlainAsync(""" "tools":[{"type":"function","function":{"name":"get_weather","parameters":{}}}]""");

        Assert.NotEmpty(TextOf(reply));
    }

    [Fact]
    public async Task ToolResult_LastMessage_IsAnsweredWithText()
    {
        using var response = await Http.PostAsync(
            "v1/chat/completions",
            Json("""{"model":"m","messages":[{"role":"user","content":"call f"},{"role":"tool","tool_call_id":"1","content":"sunny"}],"tools":[{"type":"function","function":{"name":"f"}}]}"""),
            Timeout);

        Assert.Contains("sunny", TextOf(await ReadAsync(response)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonObject_Wanted_AnswersJson()
    {
        var text = TextOf(await PlainAsync(""" "response_format":{"type":"json_object"}"""));

        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(text).ValueKind);
    }

    [Fact]
    public async Task JsonSchema_RecursiveWithRefs_AnswersAFittingObject()
    {
        var text = TextOf(await PlainAsync(
            """
            "response_format":{"type":"json_schema","json_schema":{"name":"tree","schema":{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["name","left"],
              "properties":{"name":{"type":"string","maxLength":5},"kind":{"enum":["leaf","fork"]},"left":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},"items":{"type":"array","minItems":2,"items":{"type":"number"}}}}}}}}
            """));

        var root = JsonElement.Parse(text);
        Assert.InRange(root.GetProperty("name").GetString()!.Length, 1, 5);
        Assert.Equal("leaf", root.GetProperty("kind").GetString());
        Assert.Equal(2, root.GetProperty("items").GetArrayLength());
        Assert.True(root.TryGetProperty("left", out _));
    }

    [Fact]
    public async Task ReasoningModel_Usage_CountsReasoningAsPartOfCompletion()
    {
        var details = (await PlainAsync(model: "sim-reasoning")).GetProperty("usage");
        var plain = (await PlainAsync(model: "sim-small")).GetProperty("usage");

        var reasoning = details.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32();
        Assert.True(reasoning > 0);
        Assert.Equal(plain.GetProperty("completion_tokens").GetInt32() + reasoning, details.GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("{\"model\":\"m\"}", "messages")]
    [InlineData("{\"model\":\"m\",\"messages\":[]}", "messages")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":-1}", "max_tokens")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream_options\":{\"include_usage\":true}}", "stream_options")]
    [InlineData("not json", null)]
    public async Task BadRequest_Refused_NamesTheParameter(string body, string? param)
    {
        using var response = await Http.PostAsync("v1/chat/completions", Json(body), Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await ReadAsync(response)).GetProperty("error");
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task NoKey_Refused_401InOpenAisShape()
    {
        Http.DefaultRequestHeaders.Authorization = null;

        using var response = await ChatAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await ReadAsync(response)).GetProperty("error").GetProperty("code").GetString());
        Assert.Null(Assert.Single(Simulator.Requests).Key);
    }
}
