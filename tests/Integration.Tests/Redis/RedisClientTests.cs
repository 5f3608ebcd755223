using System.Globalization;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Redis;

public sealed class RedisClientTests(StoresFixture stores)
{
    [Fact]
    public async Task Calls_TenThousandAtOnce_EachGetsItsOwnReply()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);
        var key = RedisServer.KeyPrefix();

        var calls = Enumerable.Range(0, 10_000).Select(i => Task.Run(() => redis.CountAsync(key, Invariant(i), TimeSpan.FromSeconds(20)))).ToArray();
        var replies = await Task.WhenAll(calls);

        Assert.All(replies, r => Assert.Equal(RedisOutcome.Ok, r.Outcome));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(Invariant), replies.Select(r => r.Reply.Split(',')[1]));
        Assert.Equal(10_000, replies.Select(r => r.Reply.Split(',')[2]).Distinct().Count());
    }

    [Fact]
    public async Task Calls_OfOneSender_RunInTheOrderOfSending()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);
        var key = RedisServer.KeyPrefix();

        var replies = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => redis.AskAsync("INCR", key)));

        Assert.Equal(Enumerable.Range(1, 10_000).Select(Invariant), replies.Select(r => r.Reply));
    }

    [Theory]
    [InlineData("PONG", "PING")]
    [InlineData("a b", "ECHO", "a b")]
    [InlineData("", "ECHO", "")]
    [InlineData("ü€😀", "ECHO", "ü€😀")]
    [InlineData("null", "GET", "no such key")]
    [InlineData("0", "EXISTS", "no such key")]
    [InlineData("-9223372036854775808", "EVAL", "return tonumber('-9223372036854775808')", "0")]
    [InlineData("[4],1,two,3,[1],four", "EVAL", "return {1, 'two', 3, {'four'}}", "0")]
    [InlineData("[0]", "EVAL", "return {}", "0")]
    [InlineData("[2],[0],[1],[0]", "EVAL", "return {{}, {{}}}", "0")]
    [InlineData("[2],null,x", "EVAL", "return {false, 'x'}", "0")]
    [InlineData("[2],OK,ERR broken", "EVAL", "return {redis.status_reply('OK'), redis.error_reply('ERR broken')}", "0")]
    [InlineData("null", "BLPOP", "no such key", "0.01")]
    public async Task Reply_OfEveryType_IsRead(string expected, params string[] words)
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);

        Assert.Equal((RedisOutcome.Ok, expected), await redis.AskAsync(words));
    }

    [Fact]
    public async Task Reply_AnError_IsAnOutcomeWithItsText()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);

        var (outcome, text) = await redis.AskAsync("EVAL", "return redis.error_reply('BUDGET spent')", "0");

        Assert.Equal(RedisOutcome.Error, outcome);
        Assert.StartsWith("BUDGET spent", text);
    }

    [Fact]
    public async Task Reply_OfMegabytes_IsWhole()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);
        var key = RedisServer.KeyPrefix();
        var value = string.Create(5_000_000, 0, (span, _) => { for (var i = 0; i < span.Length; i++) span[i] = (char)('a' + (i % 26)); });

        Assert.Equal((RedisOutcome.Ok, "OK"), await redis.AskAsync("SET", key, value, "EX", "60"));
        var small = redis.AskAsync("ECHO", "before");
        var large = redis.AskAsync("GET", key);
        var last = redis.AskAsync("ECHO", "after");

        Assert.Equal("before", (await small).Reply);
        Assert.Equal(value, (await large).Reply);
        Assert.Equal("after", (await last).Reply);
        await redis.AskAsync("DEL", key);
    }

    [Fact]
    public async Task Numbers_AsArguments_ReadBackTheSame()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);
        using var call = redis.Client.Rent();
        call.Begin(6);
        call.Arg("EVAL");
        call.Arg("return ARGV");
        call.Arg(0);
        call.Arg(long.MinValue);
        call.Arg(0.1 + 0.2);
        call.Arg(double.MinValue);

        Assert.Equal(RedisOutcome.Ok, await redis.Client.SendAsync(call, TimeSpan.FromSeconds(5)));

        var reply = call.Reply;
        Assert.Equal(3, reply.ArrayLength);
        Assert.True(reply.Read());
        Assert.Equal(long.MinValue, long.Parse(reply.Bytes, CultureInfo.InvariantCulture));
        Assert.True(reply.Read());
        Assert.Equal(0.1 + 0.2, double.Parse(reply.Bytes, CultureInfo.InvariantCulture));
        Assert.True(reply.Read());
        Assert.Equal(double.MinValue, double.Parse(reply.Bytes, CultureInfo.InvariantCulture));
        Assert.False(reply.Read());
    }

    [Fact]
    public async Task Scripts_AfterFlush_AreLoadedAgainAndEveryCallRunsOnce()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString);
        Assert.Equal((RedisOutcome.Ok, "[2],x,1"), await redis.CountAsync("k", "x"));

        for (var round = 0; round < 20; round++)
        {
            _ = redis.AskAsync("SCRIPT", "FLUSH");
            var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => redis.CountAsync("k", Invariant(i))));
            Assert.All(replies, r => Assert.Equal(RedisOutcome.Ok, r.Outcome));
            Assert.Equal(Enumerable.Range(0, 100).Select(Invariant), replies.Select(r => r.Reply.Split(',')[1]));
        }

        Assert.Equal("2001", (await redis.AskAsync("GET", "k")).Reply);
        var loads = (await redis.AskAsync("INFO", "commandstats")).Reply.Split('\n').Single(l => l.StartsWith("cmdstat_script|load:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(loads.Split('=', ',')[1], CultureInfo.InvariantCulture), 21, 60);
    }

    [Fact]
    public async Task Call_WithArgumentsMissingOrTooMany_IsRefused()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);
        using var call = redis.Client.Rent();
        call.Begin(2);
        call.Arg("ECHO");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await redis.Client.SendAsync(call));
        call.Arg("x");
        Assert.Throws<InvalidOperationException>(() => call.Arg("y"));
        Assert.Equal(RedisOutcome.Ok, await redis.Client.SendAsync(call, TimeSpan.FromSeconds(5)));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await redis.Client.SendAsync(call));
    }

    [Fact]
    public async Task Status_OnceUp_KnowsTheServer()
    {
        await using var redis = await RedisTestClient.StartAsync(stores.Redis.ConnectionString);

        Assert.Equal(40, redis.Client.Status.RunId.Length);
        Assert.NotEmpty(redis.Client.Status.MaxMemoryPolicy);
        // The same machine's clock; a busy one answers quickly enough to tell only now and then, and the quickest answer counts.
        await Eventually.HoldsAsync(() => redis.Client.Status.ClockOffset.Duration() <= TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30), "the clocks agree");
        Assert.InRange(redis.Client.NowOnServerMicroseconds() / 1e6, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 2, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2);
    }

    [Fact]
    public async Task Database_Configured_IsUsed()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var other = await RedisTestClient.StartAsync(server.ConnectionString + ",defaultDatabase=3");
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString);

        await other.AskAsync("SET", "k", "there");

        Assert.Equal("null", (await redis.AskAsync("GET", "k")).Reply);
        Assert.Equal("there", (await other.AskAsync("GET", "k")).Reply);
    }

    [Fact]
    public async Task Password_RightOrWrong_DecidesWhetherItIsUp()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using (var open = await RedisTestClient.StartAsync(server.ConnectionString))
        {
            await open.AskAsync("ACL", "SETUSER", "gateway", "on", ">p=ss", "~*", "+@all");
            await open.AskAsync("CONFIG", "SET", "requirepass", "secret");
        }

        await using var right = await RedisTestClient.StartAsync(server.ConnectionString + ",password=secret");
        await using var named = await RedisTestClient.StartAsync(server.ConnectionString + ",user=gateway,password=p=ss");
        await using var wrong = RedisTestClient.Make(server.ConnectionString + ",password=other");
        await using var none = RedisTestClient.Make(server.ConnectionString);
        wrong.Client.Start();
        none.Client.Start();

        Assert.Equal("PONG", (await right.AskAsync("PING")).Reply);
        Assert.Equal("gateway", (await named.AskAsync("ACL", "WHOAMI")).Reply);
        await Eventually.HoldsAsync(() => wrong.Client.Status.LastFault == "auth" && none.Client.Status.LastFault == "auth", TimeSpan.FromSeconds(30), "both are refused");
        Assert.Equal(RedisOutcome.NotSent, (await wrong.AskAsync("PING")).Outcome);
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
