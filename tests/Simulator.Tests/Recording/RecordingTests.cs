using System.Net;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Simulator.Recording;

namespace AspireGateway.Simulator.Tests.Recording;

public sealed class RecordingTests : SimulatorTest
{
    [Fact]
    public async Task Request_Received_IsRecordedWithoutItsKey()
    {
        Http.DefaultRequestHeaders.Add("x-trace", "t1");
        await PlainAsync(content: "remember me");

        using var response = await Http.GetAsync("simulator/requests?body=true", Timeout);
        var text = await response.Content.ReadAsStringAsync(Timeout);
        var seen = Assert.Single((await ReadAsync(response)).GetProperty("requests").EnumerateArray().ToArray());

        var body = ChatBody(content: "remember me");
        Assert.DoesNotContain(Key, text, StringComparison.Ordinal);
        Assert.Equal(KeyMask.Of(Key), seen.GetProperty("key").GetString());
        Assert.Equal($"Bearer {KeyMask.Of(Key)}", seen.GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.Equal("t1", seen.GetProperty("headers").GetProperty("x-trace").GetString());
        Assert.Equal("sim-small", seen.GetProperty("model").GetString());
        Assert.Equal("/v1/chat/completions", seen.GetProperty("path").GetString());
        Assert.Equal(body, seen.GetProperty("body").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))), seen.GetProperty("body_sha256").GetString());
        Assert.False(seen.GetProperty("aborted").GetBoolean());
    }

    [Fact]
    public async Task Request_ThatStalls_IsSeenByWhoeverWaitsForItsModelAndBody()
    {
        var waiting = Simulator.WaitForRequestAsync(r => r.Model == "sim-awaited" && r.Body is not null, cancellationToken: Timeout);
        var call = ChatAsync(script: "stall-before-first", model: "sim-awaited");

        var seen = await waiting;

        Assert.False(seen.Finished);
        Assert.False(call.IsCompleted);
    }

    [Fact]
    public async Task Requests_Since_AreOnlyTheLaterOnes()
    {
        for (var i = 0; i < 3; i++) await PlainAsync();

        using var response = await Http.GetAsync("simulator/requests?since=1&limit=1", Timeout);
        var list = await ReadAsync(response);

        Assert.Equal(3, list.GetProperty("last").GetInt64());
        var seen = Assert.Single(list.GetProperty("requests").EnumerateArray().ToArray());
        Assert.Equal(2, seen.GetProperty("id").GetInt64());
        Assert.False(seen.TryGetProperty("body", out _));
    }

    [Fact]
    public async Task Requests_BadSince_Is400()
    {
        using var response = await Http.GetAsync("simulator/requests?since=-1", Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Requests_Deleted_AreForgottenAndIdsGoOn()
    {
        await PlainAsync();
        using var deleted = await Http.DeleteAsync("simulator/requests", Timeout);
        await PlainAsync();

        Assert.Equal(2, Assert.Single(Simulator.Requests).Id);
    }

    [Fact]
    public async Task Stats_Asked_CountByStatusModelAndKey()
    {
        await PlainAsync();
        using (await ChatAsync(script: "status=500", model: "sim-large"))
        {
        }

        using var response = await Http.GetAsync("simulator/stats", Timeout);
        var stats = await ReadAsync(response);

        Assert.Equal(2, stats.GetProperty("received").GetInt64());
        Assert.Equal(1, stats.GetProperty("by_status").GetProperty("500").GetInt32());
        Assert.Equal(1, stats.GetProperty("by_model").GetProperty("sim-large").GetInt32());
        Assert.Equal(2, stats.GetProperty("by_key").GetProperty(KeyMask.Of(Key)).GetInt32());
    }

    [Fact]
    public async Task Wait_NothingFits_TimesOut()
    {
        await PlainAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => Simulator.WaitForRequestAsync(r => r.Model == "other", TimeSpan.FromMilliseconds(50), Timeout));
    }
}
