using System.Text;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Integration.Tests.Redis;

/// <summary>A client at a server, and calls written as one writes them at the console.</summary>
internal sealed class RedisTestClient : IAsyncDisposable
{
    /// <summary>Answers with its first argument and a number that it counts up at its key.</summary>
    public static readonly RedisScript Count = new("count", "return {ARGV[1], redis.call('incr', KEYS[1])}");

    private RedisTestClient(RedisClient client) => Client = client;

    /// <summary>The client itself.</summary>
    public RedisClient Client { get; }

    /// <summary>A client that is up.</summary>
    public static async Task<RedisTestClient> StartAsync(string connectionString, Func<RedisOptions, RedisOptions>? change = null)
    {
        var started = Make(connectionString, change);
        started.Client.Start();
        await started.IsUpAsync();
        return started;
    }

    /// <summary>A client that is not started.</summary>
    public static RedisTestClient Make(string connectionString, Func<RedisOptions, RedisOptions>? change = null)
    {
        var options = RedisOptions.Parse(connectionString);
        return new RedisTestClient(new RedisClient(change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<RedisClient>.Instance, [Count]));
    }

    /// <summary>Waits until it is up.</summary>
    public Task IsUpAsync() => Eventually.HoldsAsync(() => Client.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is up");

    /// <summary>Waits until it is down.</summary>
    public Task IsDownAsync() => Eventually.HoldsAsync(() => !Client.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is down");

    /// <summary>Sends words and tells the outcome and the reply's text, elements joined by commas.</summary>
    public Task<(RedisOutcome Outcome, string Reply)> AskAsync(params string[] words) => AskAsync(TimeSpan.FromSeconds(5), words);

    /// <inheritdoc cref="AskAsync(string[])" />
    public async Task<(RedisOutcome Outcome, string Reply)> AskAsync(TimeSpan? timeout, string[] words)
    {
        using var call = Client.Rent();
        call.Begin(words.Length);
        foreach (var word in words) call.Arg(word);
        var outcome = await Client.SendAsync(call, timeout);
        return (outcome, Text(call.Reply));
    }

    /// <summary>Calls the counting script.</summary>
    public async Task<(RedisOutcome Outcome, string Reply)> CountAsync(string key, string argument, TimeSpan? timeout = null)
    {
        using var call = Client.Rent();
        call.BeginScript(Count, keys: 1, args: 1);
        call.Arg(key);
        call.Arg(argument);
        var outcome = await Client.SendAsync(call, timeout ?? TimeSpan.FromSeconds(5));
        return (outcome, Text(call.Reply));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private static string Text(RespReader reply)
    {
        if (reply.Type == RespType.None) return "";
        var text = new StringBuilder();
        do
        {
            if (text.Length > 0) text.Append(',');
            text.Append(reply switch
            {
                { IsNull: true } => "null",
                { Type: RespType.Integer } => reply.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
                { Type: RespType.Array } => $"[{reply.ArrayLength}]",
                _ => Encoding.UTF8.GetString(reply.Bytes),
            });
        }
        while (reply.Read());
        return text.ToString();
    }
}
