using System.Diagnostics;

namespace AspireGateway.Simulator.Tests.Replying;

public sealed class PaceTests : SimulatorTest
{
    [Theory]
    [InlineData("latency-ms=150", false, 150)]
    [InlineData("status=500; latency-ms=150", false, 150)]
    [InlineData("slow-headers-ms=150", false, 150)]
    [InlineData("first-token-ms=150", true, 150)]
    [InlineData("chunks=6; chunk-ms=30", true, 150)]
    [InlineData("chunks=6; chunk-ms=30", false, 150)]
    public async Task Pace_Scripted_IsKept(string script, bool stream, int leastMs)
    {
        await PlainAsync();
        var watch = Stopwatch.StartNew();

        using var response = await ChatAsync(stream ? "\"stream\":true" : "", script);
        await response.Content.ReadAsByteArrayAsync(Timeout);

        Assert.InRange(watch.ElapsedMilliseconds, leastMs - 5, leastMs + 5_000);
    }

    [Fact]
    public async Task StallBeforeFirst_SendsNoHeaders_AndNoticesTheCallerLeaving()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = Json(ChatBody("\"stream\":true")) };
        request.Headers.Add("x-sim", "stall-before-first");
        var sending = Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await Simulator.WaitForRequestAsync(r => r.BodyLength > 0, cancellationToken: Timeout);

        Assert.False(sending.IsCompleted);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.True(seen.Aborted);
        Assert.Equal(0, seen.Status);
    }

    [Fact]
    public async Task StallAfterHeaders_SendsHeadersOnly()
    {
        using var response = await ChatAsync("\"stream\":true", "stall-after-headers", completion: HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode);
        response.Dispose();

        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.True(seen.Aborted);
        Assert.Equal(0, seen.ChunksSent);
    }

    [Fact]
    public async Task StallAfter_Two_SendsTwoChunksUntilTheCallerLeaves()
    {
        using var response = await ChatAsync("\"stream\":true", "stall-after=2", completion: HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync(Timeout);
        using var reader = new StreamReader(body);
        for (var lines = 0; lines < 6; lines++) Assert.NotNull(await reader.ReadLineAsync(Timeout));
        response.Dispose();

        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.True(seen.Aborted);
        Assert.Equal(2, seen.ChunksSent);
    }

    [Fact]
    public async Task CallerLeaves_LongStream_StopsIt()
    {
        using var response = await ChatAsync("\"stream\":true", "chunks=100000; chunk-ms=1", completion: HttpCompletionOption.ResponseHeadersRead);
        response.Dispose();

        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.True(seen.Aborted);
        Assert.InRange(seen.ChunksSent, 0, 50_000);
    }

    [Fact]
    public async Task Shutdown_StalledReply_IsCutAtOnce()
    {
        var other = await SimulatorServer.StartAsync(cancellationToken: Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(other.BaseUrl, "v1/chat/completions")) { Content = Json(ChatBody()) };
        request.Headers.Add("x-sim", "stall-before-first");
        var sending = Http.SendAsync(request, Timeout);
        await other.WaitForRequestAsync(r => r.BodyLength > 0, cancellationToken: Timeout);
        var watch = Stopwatch.StartNew();

        await other.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => sending);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5_000);
    }
}
