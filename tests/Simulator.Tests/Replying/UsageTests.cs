using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Replying;

public sealed class UsageTests : SimulatorTest
{
    private const string WithUsage = "\"stream_options\":{\"include_usage\":true}";

    [Fact]
    public async Task NoUsage_PlainAndStream_ReportNone()
    {
        Assert.False((await PlainAsync(script: "no-usage")).TryGetProperty("usage", out _));
        Assert.All((await StreamAsync("no-usage", WithUsage)).SkipLast(1), e => Assert.False(JsonElement.Parse(e).TryGetProperty("usage", out _)));
    }

    [Fact]
    public async Task WrongUsage_N_IsReportedForBoth()
    {
        var usage = (await PlainAsync(script: "wrong-usage=123456")).GetProperty("usage");

        Assert.Equal(123_456, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(123_456, usage.GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Tokens_Scripted_AreReportedByClass()
    {
        const string script = "prompt-tokens=1000; cached-tokens=400; completion-tokens=50; reasoning-tokens=20";

        var events = await StreamAsync(script, WithUsage);

        var usage = JsonElement.Parse(events[^2]).GetProperty("usage");
        Assert.Equal(1000, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(400, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal(50, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(20, usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
        Assert.Equal(1050, usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task ServedModelAndFinishReason_Scripted_AreReported()
    {
        var reply = await PlainAsync(script: "served-model=gpt-x-2026; finish-reason=content_filter");

        Assert.Equal("gpt-x-2026", reply.GetProperty("model").GetString());
        Assert.Equal("content_filter", reply.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }
}
