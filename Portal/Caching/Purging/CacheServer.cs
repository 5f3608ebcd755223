using System.Globalization;
using System.Text;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Portal.Caching.Purging;

/// <summary>The Redis that gateways keep replies in, for purging and for what they counted: no reply is ever read here.</summary>
/// <param name="time">The clock.</param>
/// <param name="redis">The server; null = the portal was given none.</param>
/// <param name="isOwn">Whether the connection is this one's alone, to be opened and closed by it.</param>
public sealed class CacheServer(TimeProvider time, RedisClient? redis, bool isOwn) : IHostedService, IAsyncDisposable
{
    private const string Unsure = "The cache's Redis did not say that it purged: a part may be purged, or all. Purge again; doing it twice does no harm.";

    // Somebody waits for it, and nothing else is held up.
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectStep = TimeSpan.FromMilliseconds(20);

    private const int MostRead = 200;

    private int isDisposed;

    /// <summary>Purges what depends on a field of <see cref="CachePurge"/>; null = it is done.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="field">What.</param>
    /// <param name="cancellationToken">Ends the wait for a connection.</param>
    public async Task<string?> PurgeAsync(Guid organisation, string field, CancellationToken cancellationToken)
    {
        if (redis is null)
            return "The portal has no Redis, so it reaches no gateway's cache. Set ConnectionStrings__cache (and ConnectionStrings__cache-data where gateways have it) for the portal as for the gateways.";
        // Right after a start the connection may be on its way.
        for (var since = time.GetTimestamp(); !redis.Status.IsUp && time.GetElapsedTime(since) < ConnectLimit;) await Task.Delay(ConnectStep, time, cancellationToken);
        if (await SendAsync("HINCRBY", new CacheKeys(organisation).Epochs, field) is not RedisOutcome.Ok and var outcome)
            return outcome == RedisOutcome.NotSent ? "The cache's Redis cannot be reached, so nothing was purged. Try again when it is back." : Unsure;
        // Gateways look at this number; without it they give what is in their own memory for some seconds more.
        return await SendAsync("INCR", CacheKeys.PurgeNumber, null) == RedisOutcome.Ok ? null : Unsure;
    }

    /// <summary>Names and whole numbers of a sorted set or a hash; null = they could not be read.</summary>
    /// <param name="command"><c>ZREVRANGE</c>, whose highest come first, or <c>HGETALL</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="withScores">Whether it is a sorted set.</param>
    /// <param name="cancellationToken">Ends the wait for a connection.</param>
    public async Task<IReadOnlyList<KeyValuePair<string, long>>?> ReadPairsAsync(string command, string key, bool withScores, CancellationToken cancellationToken)
    {
        if (redis is not { Status.IsUp: true }) return null;
        cancellationToken.ThrowIfCancellationRequested();
        using var call = redis.Rent();
        call.Begin(withScores ? 5 : 2);
        call.Arg(command);
        call.Arg(key);
        if (withScores)
        {
            call.Arg(0);
            call.Arg(MostRead - 1);
            call.Arg("WITHSCORES");
        }
        if (await redis.SendAsync(call, CallLimit) != RedisOutcome.Ok) return null;
        var answer = call.Reply;
        var pairs = new List<KeyValuePair<string, long>>(answer.ArrayLength / 2);
        while (answer.Read())
        {
            var name = Encoding.UTF8.GetString(answer.Bytes);
            // Scores above 2^53 are written with an exponent.
            if (answer.Read() && double.TryParse(answer.Bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) pairs.Add(new(name, (long)value));
        }
        return pairs;
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (isOwn) redis?.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    // It is registered twice, as itself and as a hosted service, and so disposed of twice.
    public ValueTask DisposeAsync() => isOwn && redis is not null && Interlocked.Exchange(ref isDisposed, 1) == 0 ? redis.DisposeAsync() : ValueTask.CompletedTask;

    private async ValueTask<RedisOutcome> SendAsync(string command, string key, string? field)
    {
        using var call = redis!.Rent();
        call.Begin(field is null ? 2 : 4);
        call.Arg(command);
        call.Arg(key);
        if (field is not null)
        {
            call.Arg(field);
            call.Arg(1);
        }
        return await redis.SendAsync(call, CallLimit);
    }
}
