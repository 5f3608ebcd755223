using System.Text.Json;
using AspireGateway.Simulator.Tests.Replying;

namespace AspireGateway.Simulator.Tests.Anthropic;

public sealed class AnthropicStreamTests : StreamFaultContract
{
    protected override string StreamError => "api_error";

    protected override string ScriptedErrorCode => "overloaded_error";

    protected override string OverloadedError => "overloaded_error";

    protected override int OverloadedStatus => 529;

    protected override HttpRequestMessage Ask(string prompt, bool stream) =>
        AnthropicTests.Request($$"""{"model":"sim-small","max_tokens":2000,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{prompt}}"}]}""");

    protected override StreamReading Read(byte[] stream)
    {
        var events = SseReader.Read(stream);
        var known = events.Where(e => e.Data.ValueKind == JsonValueKind.Object).ToList();
        Assert.All(known, e => Assert.Equal(e.Name, e.Data.GetProperty("type").GetString()));
        var deltas = known.Where(e => e.Name == "content_block_delta").Select(e => e.Data.GetProperty("delta").GetProperty("text").GetString()).ToList();
        return new StreamReading(
            string.Concat(deltas), deltas.Count, known.Exists(e => e.Name == "message_stop"),
            known.Where(e => e.Name == "error").Select(e => e.Data.GetProperty("error").GetProperty("type").GetString()).FirstOrDefault(),
            events.Count - known.Count);
    }

    protected override string ErrorKind(string body) => JsonElement.Parse(body).GetProperty("error").GetProperty("type").GetString()!;

    [Fact]
    public async Task Stream_ThinkingAndTool_HasBlocksInOrder()
    {
        using var request = AnthropicTests.Request(
            """
            {"model":"sim-small","max_tokens":4000,"stream":true,"thinking":{"type":"enabled","budget_tokens":1024},
             "tools":[{"name":"find","input_schema":{"type":"object","properties":{"query":{"type":"string"}}}},{"name":"list","input_schema":{"type":"object"}}],
             "messages":[{"role":"user","content":"call find and call list"}]}
            """);
        request.Headers.Add("x-sim", "talk-first");
        using var response = await Http.SendAsync(request, Timeout);
        var events = SseReader.Read(await response.Content.ReadAsByteArrayAsync(Timeout));

        Assert.Equal(
            ["thinking", "text", "tool_use", "tool_use"],
            events.Where(e => e.Name == "content_block_start").Select(e => e.Data.GetProperty("content_block").GetProperty("type").GetString()!));
        Assert.Equal("{\"query\":\"sample\"}", string.Concat(events
            .Where(e => e.Name == "content_block_delta" && e.Data.GetProperty("index").GetInt32() == 2)
            .Select(e => e.Data.GetProperty("delta").GetProperty("partial_json").GetString())));
        Assert.Contains(events, e => e.Name == "content_block_delta" && e.Data.GetProperty("delta").GetProperty("type").GetString() == "signature_delta");
        var end = events.Single(e => e.Name == "message_delta").Data;
        Assert.Equal("tool_use", end.GetProperty("delta").GetProperty("stop_reason").GetString());
        Assert.True(end.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 10);
        Assert.Equal("message_start", events[0].Name);
        Assert.Equal("message_stop", events[^1].Name);
    }
}
