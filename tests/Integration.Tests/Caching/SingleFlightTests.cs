using System.Net;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Equal requests at the same time are one request to the provider.</summary>
public sealed class SingleFlightTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private readonly CachingWorld caching = fixture.Caching;

    [Theory]
    [InlineData("")]
    [InlineData(",\"stream\":true")]
    public async Task TwoHundredEqual_AreOneCall(string stream)
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact });
        var prompt = "all at once " + stream.Length;
        caching.World.Simulator.Script("latency-ms=400; text=\"one answer for all\"");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            // Both forms of reply, of one question.
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt, i % 2 == 0 ? stream : ""));
            return (response.StatusCode, Cache: CachingWorld.CacheOf(response), Text: await response.Content.ReadAsStringAsync());
        }));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.All(answers, answer => Assert.True(answer.Text.Contains("answer", StringComparison.Ordinal), answer.Text));
        Assert.Equal(1, caching.AskedFor(prompt));
        Assert.Equal((1, 199), (answers.Count(answer => answer.Cache == "miss"), answers.Count(answer => answer.Cache == "hit")));
    }

    [Fact]
    public async Task LeaderLeaves_AnotherOneLeads()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact });
        // It leaves long before it would be answered, also on a busy machine.
        caching.World.Simulator.Script("latency-ms=10000; text=\"for those who stay\"");
        using var leaving = new CancellationTokenSource();
        var leader = caching.Gateway.ChatAsync(key, CachingWorld.Body("who leads"), cancellationToken: leaving.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(caching.AskedFor("who leads") == 1), TimeSpan.FromSeconds(30), "the leader is on its way");
        var followers = Enumerable.Range(0, 20).Select(_ => caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("who leads"))).ToArray();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);

        foreach (var response in await Task.WhenAll(followers))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }
        Assert.Equal(2, caching.AskedFor("who leads"));
    }

    [Fact]
    public async Task LeaderFails_AnotherOneLeads()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact });
        caching.World.Simulator.Script("latency-ms=500; status=500");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("who fails"));
            return response.StatusCode;
        }));

        Assert.Equal(1, answers.Count(status => status != HttpStatusCode.OK));
        Assert.Equal(2, caching.AskedFor("who fails"));
    }

    [Fact]
    public async Task Follower_KeepsItsOwnDeadline()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact });
        caching.World.Simulator.Script("latency-ms=2500; text=\"late\"");
        var leader = caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("who waits"));
        await Eventually.HoldsAsync(() => Task.FromResult(caching.AskedFor("who waits") == 1), TimeSpan.FromSeconds(30), "the leader is on its way");
        using var hasty = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("who waits"), ("x-gateway-timeout-ms", "50"));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "upstream_timeout"), (hasty.StatusCode, (await Ask.ErrorAsync(hasty)).Code));
        using var answered = await leader;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal(1, caching.AskedFor("who waits"));
    }
}
