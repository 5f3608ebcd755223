using System.Text.Json;
using AspireGateway.Simulator.Tests.Replying;

namespace AspireGateway.Simulator.Tests.Responses;

public sealed class ResponsesStreamTests : StreamFaultContract
{
    protected override string StreamError => "server_error";

    protected override string ScriptedErrorCode => "rate_limit_exceeded";

    protected override HttpRequestMessage Ask(string prompt, bool stream) => new(HttpMethod.Post, "v1/responses")
    {
        Content = Json($$"""{"model":"sim-small","stream":{{(stream ? "true" : "false")}},"input":"{{prompt}}"}"""),
    };

    protected override StreamReading Read(byte[] stream)
    {
        var events = SseReader.Read(stream);
        var known = events.Where(e => e.Data.ValueKind == JsonValueKind.Object).ToList();
        Assert.Equal(Enumerable.Range(0, known.Count), known.Select(e => e.Data.GetProperty("sequence_number").GetInt32()));
        Assert.All(known, e => Assert.Equal(e.Name, e.Data.GetProperty("type").GetString()));
        var deltas = known.Where(e => e.Name == "response.output_text.delta").Select(e => e.Data.GetProperty("delta").GetString()).ToList();
        return new StreamReading(
            string.Concat(deltas), deltas.Count, known.Exists(e => e.Name == "response.completed"),
            known.Where(e => e.Name == "error").Select(e => e.Data.GetProperty("code").GetString()).FirstOrDefault(), events.Count - known.Count);
    }

    protected override string OverloadedError => "server_error";

    protected override string ErrorKind(string body) => JsonElement.Parse(body).GetProperty("error").GetProperty("type").GetString()!;

    [Fact]
    public async Task Stream_ReasoningAndTool_HasItemsInOrder()
    {
        var events = await EventsAsync(
            """{"model":"sim-small","stream":true,"input":"call find","reasoning":{"effort":"low","summary":"auto"},"tools":[{"type":"function","name":"find","parameters":{"type":"object","properties":{"query":{"type":"string"}}}}]}""",
            "talk-first");

        Assert.Equal(["reasoning", "message", "function_call"], events.Where(e => e.Name == "response.output_item.done").Select(e => e.Data.GetProperty("item").GetProperty("type").GetString()!));
        Assert.Equal("{\"query\":\"sample\"}", string.Concat(events.Where(e => e.Name == "response.function_call_arguments.delta").Select(e => e.Data.GetProperty("delta").GetString())));
        Assert.NotEmpty(string.Concat(events.Where(e => e.Name == "response.reasoning_summary_text.delta").Select(e => e.Data.GetProperty("delta").GetString())));
        Assert.Equal(["response.created", "response.in_progress"], events.Take(2).Select(e => e.Name!));
        var end = events[^1].Data.GetProperty("response");
        Assert.Equal(3, end.GetProperty("output").GetArrayLength());
        Assert.True(end.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("reasoning_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Stream_ResponseFailed_EndsWithTheFailedResponse()
    {
        var events = await EventsAsync("""{"model":"sim-small","stream":true,"input":"x"}""", "error-after=1; response-failed; error-code=server_error");

        Assert.Equal("response.failed", events[^1].Name);
        Assert.Equal("server_error", events[^1].Data.GetProperty("response").GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Stream_MaxTokens_EndsIncomplete()
    {
        var events = await EventsAsync("""{"model":"sim-small","stream":true,"input":"x","max_output_tokens":16}""", "");

        Assert.Equal("response.incomplete", events[^1].Name);
        Assert.Equal("max_output_tokens", events[^1].Data.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString());
    }

    private async Task<List<SseEvent>> EventsAsync(string body, string script)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = Json(body) };
        if (script.Length > 0) request.Headers.Add("x-sim", script);
        using var response = await Http.SendAsync(request, Timeout);
        return SseReader.Read(await response.Content.ReadAsByteArrayAsync(Timeout));
    }
}
