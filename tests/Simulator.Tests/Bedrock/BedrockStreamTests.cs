using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Tests.Replying;

namespace AspireGateway.Simulator.Tests.Bedrock;

public sealed class BedrockStreamTests : StreamFaultContract
{
    protected override string StreamError => "internalServerException";

    protected override string ScriptedErrorCode => "modelStreamErrorException";

    protected override string OverloadedError => "The service is temporarily unavailable.";

    [Fact]
    public void Crc_CheckValue_IsThatOfTheStandard()
    {
        Assert.Equal(0xCBF43926, FrameParser.Crc("123456789"u8));
    }

    [Fact]
    public async Task Stream_ThinkingAndTools_HasAllEvents()
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, BedrockTests.Path("converse-stream"),
            """
            {"messages":[{"role":"user","content":[{"text":"call find and call list"}]}],"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}},
             "toolConfig":{"tools":[{"toolSpec":{"name":"find","inputSchema":{"json":{"type":"object","properties":{"query":{"type":"string"}}}}}},{"toolSpec":{"name":"list","inputSchema":{"json":{"type":"object"}}}}]}}
            """);
        using var response = await Http.SendAsync(request, Timeout);
        var frames = FrameParser.Read(await response.Content.ReadAsByteArrayAsync(Timeout));
        var events = frames.Select(f => (Type: f.Headers[":event-type"], Data: JsonElement.Parse(f.Payload))).ToList();

        Assert.All(frames, f => Assert.Equal(("event", "application/json"), (f.Headers[":message-type"], f.Headers[":content-type"])));
        Assert.Equal("messageStart", events[0].Type);
        Assert.Equal("metadata", events[^1].Type);
        Assert.Equal(["find", "list"], events.Where(e => e.Type == "contentBlockStart").Select(e => e.Data.GetProperty("start").GetProperty("toolUse").GetProperty("name").GetString()!));
        Assert.Equal("{\"query\":\"sample\"}", string.Concat(events.Where(e => e.Type == "contentBlockDelta" && e.Data.GetProperty("contentBlockIndex").GetInt32() == 1)
            .Select(e => e.Data.GetProperty("delta").GetProperty("toolUse").GetProperty("input").GetString())));
        Assert.Contains(events, e => e.Type == "contentBlockDelta" && e.Data.GetProperty("delta").TryGetProperty("reasoningContent", out var r) && r.TryGetProperty("signature", out _));
        Assert.Equal("tool_use", events.Single(e => e.Type == "messageStop").Data.GetProperty("stopReason").GetString());
        var usage = events[^1].Data.GetProperty("usage");
        Assert.Equal(usage.GetProperty("inputTokens").GetInt32() + usage.GetProperty("outputTokens").GetInt32(), usage.GetProperty("totalTokens").GetInt32());
    }

    protected override HttpRequestMessage Ask(string prompt, bool stream) => SignedRequest.Post(
        Simulator.BaseUrl, BedrockTests.Path(stream ? "converse-stream" : "converse"), $$$"""{"messages":[{"role":"user","content":[{"text":"{{{prompt}}}"}]}]}""");

    protected override StreamReading Read(byte[] stream)
    {
        string text = "", error = "";
        int outputs = 0, malformed = 0;
        var ended = false;
        foreach (var frame in FrameParser.Read(stream))
        {
            if (frame.Headers[":message-type"] == "exception")
            {
                error = frame.Headers[":exception-type"];
                continue;
            }

            if (!TryParse(frame.Payload, out var data))
            {
                malformed++;
                continue;
            }

            if (frame.Headers[":event-type"] == "metadata") ended = true;
            if (frame.Headers[":event-type"] != "contentBlockDelta") continue;
            outputs++;
            text += data.GetProperty("delta").GetProperty("text").GetString();
        }

        return new StreamReading(text, outputs, ended, error.Length == 0 ? null : error, malformed);
    }

    protected override string ErrorKind(string body) => JsonElement.Parse(body).GetProperty("message").GetString()!;

    private static bool TryParse(byte[] payload, out JsonElement data)
    {
        try
        {
            data = JsonElement.Parse(Encoding.UTF8.GetString(payload));
            return true;
        }
        catch (JsonException)
        {
            data = default;
            return false;
        }
    }
}
