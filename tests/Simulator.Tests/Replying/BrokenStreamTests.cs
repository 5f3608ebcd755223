using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Replying;

public sealed class BrokenStreamTests : SimulatorTest
{
    [Fact]
    public async Task Chunks_Twelve_AreTwelve()
    {
        var events = await StreamAsync("chunks=12");

        Assert.Equal(1 + 12 + 1 + 1, events.Count);
        Assert.Equal(12, Assert.Single(Simulator.Requests).ChunksSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task CutAfter_N_BreaksTheConnectionAfterNChunks(int n)
    {
        using var response = await ChatAsync("\"stream\":true", $"cut-after={n}", completion: HttpCompletionOption.ResponseHeadersRead);
        var (text, failure) = await ReadUntilFailureAsync(response);

        Assert.NotNull(failure);
        Assert.Equal(1 + n, Events(text).Count);
        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.Equal(n, seen.ChunksSent);
        Assert.False(seen.Aborted);
    }

    [Fact]
    public async Task CutAfter_Plain_BreaksInTheBody()
    {
        using var response = await ChatAsync(script: "cut-after=1", completion: HttpCompletionOption.ResponseHeadersRead);
        var (text, failure) = await ReadUntilFailureAsync(response);

        Assert.NotNull(failure);
        Assert.NotEmpty(text);
    }

    [Fact]
    public async Task CutBeforeFirst_Stream_GivesNoAnswerAtAll()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => ChatAsync("\"stream\":true", "cut-before-first"));
    }

    [Fact]
    public async Task EndAfter_Stream_EndsCleanlyWithoutFinish()
    {
        var events = await StreamAsync("end-after=3");

        Assert.Equal(4, events.Count);
        Assert.All(events, e => Assert.Equal(JsonValueKind.Null, JsonElement.Parse(e).GetProperty("choices")[0].GetProperty("finish_reason").ValueKind));
    }

    [Fact]
    public async Task EndAfter_Plain_IsHalfAReply()
    {
        using var response = await ChatAsync(script: "end-after=0");

        var text = await response.Content.ReadAsStringAsync(Timeout);
        Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(text));
    }

    [Fact]
    public async Task MalformedAfter_Stream_SendsOneBadEventAndGoesOn()
    {
        var events = await StreamAsync("malformed-after=2");

        Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(events[3]));
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(TextOf(await PlainAsync()), TextOf(events.Where((_, i) => i != 3)));
    }

    [Fact]
    public async Task NoDone_Stream_EndsWithTheFinishReason()
    {
        var events = await StreamAsync("no-done");

        Assert.Equal("stop", JsonElement.Parse(events[^1]).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task ChunkedSplit_One_ChangesNoByte()
    {
        var events = await StreamAsync("chunked-split=1");

        Assert.Equal(TextOf(await PlainAsync()), TextOf(events));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Fact]
    public async Task ContentType_Scripted_IsSent()
    {
        using var response = await ChatAsync("\"stream\":true", "content-type=\"text/plain; charset=x\"");

        Assert.Equal("text/plain; charset=x", response.Content.Headers.GetValues("content-type").Single());
    }

    [Fact]
    public async Task BodyBytes_AMegabyte_IsThatLong()
    {
        Assert.Equal(1_000_000, TextOf(await PlainAsync(script: "body-bytes=1000000")).Length);
        Assert.Equal(1_000_000, TextOf(await StreamAsync("body-bytes=1000000")).Length);
    }

    private static async Task<(string Text, Exception? Failure)> ReadUntilFailureAsync(HttpResponseMessage response)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(Timeout);
            for (int read; (read = await body.ReadAsync(buffer, Timeout)) > 0;) kept.Write(buffer, 0, read);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (System.Text.Encoding.UTF8.GetString(kept.ToArray()), e);
        }

        return (System.Text.Encoding.UTF8.GetString(kept.ToArray()), null);
    }
}
