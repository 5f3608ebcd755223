using System.Net;
using AspireGateway.Simulator.Recording;

namespace AspireGateway.Simulator.Tests.Replying;

/// <summary>What was read of a stream, also of one that broke off.</summary>
/// <param name="Text">The answer's text.</param>
/// <param name="Outputs">Events with output.</param>
/// <param name="Ended">True when the protocol's own end was seen.</param>
/// <param name="Error">The error's kind, or null.</param>
/// <param name="Malformed">Events that could not be read.</param>
public sealed record StreamReading(string Text, int Outputs, bool Ended, string? Error, int Malformed);

/// <summary>The scripted faults, the same for the stream of every protocol.</summary>
public abstract class StreamFaultContract : SimulatorTest
{
    protected abstract string StreamError { get; }

    protected abstract string ScriptedErrorCode { get; }

    protected virtual string OverloadedError => StreamError;

    protected virtual int OverloadedStatus => 503;

    /// <summary>False for a protocol whose stream has no mark of its end.</summary>
    protected virtual bool HasEndMark => true;

    protected abstract HttpRequestMessage Ask(string prompt, bool stream);

    protected abstract StreamReading Read(byte[] stream);

    protected abstract string ErrorKind(string body);

    [Fact]
    public async Task Chunks_Nine_AreNine()
    {
        var reading = await ReadAllAsync("chunks=9");

        Assert.Equal((9, true), (reading.Outputs, reading.Ended));
        Assert.Equal(9, Assert.Single(Simulator.Requests).ChunksSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(120)]
    public async Task CutAfter_N_BreaksAfterNOutputs(int n)
    {
        using var response = await SendAsync($"cut-after={n}", HttpCompletionOption.ResponseHeadersRead);
        var kept = new MemoryStream();
        var failure = await Record.ExceptionAsync(async () => await response.Content.CopyToAsync(kept, Timeout));

        Assert.True(failure is IOException or HttpRequestException, failure?.ToString() ?? "no failure");
        Assert.Equal((n, false), (Read(kept.ToArray()).Outputs, Read(kept.ToArray()).Ended && HasEndMark));
    }

    [Fact]
    public async Task StallAfter_Two_SendsNothingMoreUntilTheCallerLeaves()
    {
        using var response = await SendAsync("stall-after=2", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync(Timeout);
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        while (Read(kept.ToArray()).Outputs < 2) kept.Write(buffer, 0, await body.ReadAsync(buffer, Timeout));
        response.Dispose();

        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.Equal((true, 2), (seen.Aborted, seen.ChunksSent));
    }

    [Fact]
    public async Task EndAfter_Three_EndsCleanlyWithoutEndMark()
    {
        var reading = await ReadAllAsync("end-after=3");

        Assert.Equal((3, false), (reading.Outputs, reading.Ended));
    }

    [Fact]
    public async Task ErrorAfter_Three_IsTheProtocolsErrorInsideTheStream()
    {
        var reading = await ReadAllAsync("error-after=3");

        Assert.Equal((3, StreamError), (reading.Outputs, reading.Error));
    }

    [Fact]
    public async Task ErrorAfter_WithCode_CarriesIt()
    {
        Assert.Equal(ScriptedErrorCode, (await ReadAllAsync($"error-after=1; error-code={ScriptedErrorCode}")).Error);
    }

    [Fact]
    public async Task MalformedAfter_Two_SendsOneBadEventAndGoesOn()
    {
        var whole = await ReadAllAsync("chunks=6");
        var reading = await ReadAllAsync("chunks=6; malformed-after=2");

        Assert.Equal(1, reading.Malformed);
        Assert.Equal((whole.Text, 6, true), (reading.Text, reading.Outputs, reading.Ended));
    }

    [Fact]
    public async Task ChunkedSplit_One_ChangesNoByte()
    {
        var reading = await ReadAllAsync("chunked-split=1");

        Assert.Equal((await ReadAllAsync("")).Text, reading.Text);
        Assert.True(reading.Ended);
    }

    [Fact]
    public async Task NoDone_Stream_HasNoEndMark()
    {
        Assert.Equal(!HasEndMark, (await ReadAllAsync("no-done")).Ended);
    }

    [Fact]
    public async Task CutBeforeFirst_Stream_GivesNoAnswerAtAll()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("cut-before-first"));
    }

    [Fact]
    public async Task Status_WithRetryAfter_AnswersInTheProtocolsShape()
    {
        using var response = await SendAsync("failure=overloaded; retry-after=7");

        Assert.Equal(OverloadedStatus, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Equal(OverloadedError, ErrorKind(await response.Content.ReadAsStringAsync(Timeout)));
    }

    [Fact]
    public async Task ErrorBody_Html_IsAPage()
    {
        using var response = await SendAsync("status=502; error-body=html");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.StartsWith("<html>", await response.Content.ReadAsStringAsync(Timeout), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_Sent_IsRecordedMasked()
    {
        using var response = await SendAsync("");

        var seen = Assert.Single(Simulator.Requests);
        Assert.StartsWith("sha256:", seen.Key, StringComparison.Ordinal);
        Assert.DoesNotContain(seen.Headers.Values, v => v.Contains(Key, StringComparison.Ordinal));
    }

    protected async Task<StreamReading> ReadAllAsync(string script)
    {
        Simulator.ClearRequests();
        using var response = await SendAsync(script);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Timeout));
        return Read(await response.Content.ReadAsByteArrayAsync(Timeout));
    }

    private async Task<HttpResponseMessage> SendAsync(string script, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var request = Ask("Tell me about bread", stream: true);
        if (script.Length > 0) request.Headers.Add("x-sim", script);
        return await Http.SendAsync(request, completion, Timeout);
    }
}
