using System.Text.Json;

namespace AspireGateway.Simulator.Tests.OpenAi;

public sealed class ChatStreamTests : SimulatorTest
{
    private const string WithUsage = "\"stream_options\":{\"include_usage\":true}";

    [Fact]
    public async Task Stream_Text_IsThatOfThePlainReply()
    {
        var plain = TextOf(await PlainAsync());
        var events = await StreamAsync();

        Assert.Equal(plain, TextOf(events));
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal("assistant", JsonElement.Parse(events[0]).GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal("stop", JsonElement.Parse(events[^2]).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Stream_WithoutIncludeUsage_HasNoUsageMember()
    {
        var events = await StreamAsync();

        Assert.All(events.SkipLast(1), e => Assert.False(JsonElement.Parse(e).TryGetProperty("usage", out _)));
    }

    [Fact]
    public async Task Stream_WithIncludeUsage_HasNullUsageAndOneLastChunkWithoutChoices()
    {
        var events = (await StreamAsync(more: WithUsage)).SkipLast(1).Select(e => JsonElement.Parse(e)).ToList();

        Assert.All(events.SkipLast(1), e => Assert.Equal(JsonValueKind.Null, e.GetProperty("usage").ValueKind));
        Assert.Equal(0, events[^1].GetProperty("choices").GetArrayLength());
        var plain = (await PlainAsync()).GetProperty("usage").GetRawText();
        Assert.Equal(plain, events[^1].GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Stream_ContentType_IsEventStream()
    {
        using var response = await ChatAsync("\"stream\":true");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Stream_TwoChoices_AssembleEach()
    {
        var plain = await PlainAsync("\"n\":2");
        var events = (await StreamAsync(more: "\"n\":2")).SkipLast(1).Select(e => JsonElement.Parse(e)).ToList();

        for (var i = 0; i < 2; i++)
        {
            var text = string.Concat(events.Select(e => e.GetProperty("choices")[0]).Where(c => c.GetProperty("index").GetInt32() == i)
                .Select(c => c.GetProperty("delta").TryGetProperty("content", out var piece) ? piece.GetString() : ""));
            Assert.Equal(TextOf(plain, i), text);
        }
    }

    [Fact]
    public async Task Stream_ToolCall_AssemblesToTheArgumentsOfThePlainReply()
    {
        const string tools = """ "tools":[{"type":"function","function":{"name":"find","parameters":{"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer"}}}}}]""";
        var plain = (await PlainAsync(tools, content: "call find")).GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");

        var events = (await StreamAsync(more: tools, content: "call find")).SkipLast(1).Select(e => JsonElement.Parse(e)).ToList();

        var deltas = events.Select(e => e.GetProperty("choices")[0].GetProperty("delta")).Where(d => d.TryGetProperty("tool_calls", out _))
            .Select(d => d.GetProperty("tool_calls")[0].GetProperty("function")).ToList();
        Assert.Equal("find", deltas[0].GetProperty("name").GetString());
        Assert.Equal(plain.GetProperty("arguments").GetString(), string.Concat(deltas.Select(d => d.GetProperty("arguments").GetString())));
        Assert.Equal("tool_calls", events[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Stream_UnicodeText_SurvivesTheCutIntoChunks()
    {
        const string text = "Grüße 👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀 から世界へ";

        Assert.Equal(text, TextOf(await StreamAsync(content: $"[[sim: text=\"{text}\"]]")));
    }
}
