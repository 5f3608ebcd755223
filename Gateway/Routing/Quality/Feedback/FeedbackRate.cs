using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>Bounds votes by key and minute, at this gateway. Knows only keys that voted in the running minute.</summary>
internal sealed class FeedbackRate(IOptions<FeedbackOptions> options, TimeProvider time)
{
    private Window window = new(0);

    /// <summary>Counts a vote; false = it is one too many, and so many seconds are left of the minute.</summary>
    public bool TryTake(Guid key, out int secondsLeft)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var (minute, now) = (seconds / 60, Volatile.Read(ref window));
        if (now.Minute != minute)
        {
            var next = new Window(minute);
            now = Interlocked.CompareExchange(ref window, next, now) is var seen && seen == now ? next : seen;
        }
        secondsLeft = (int)(60 - seconds % 60);
        return now.Votes.AddOrUpdate(key, 1, static (_, votes) => votes + 1) <= options.Value.VotesPerMinute;
    }

    private sealed record Window(long Minute)
    {
        public ConcurrentDictionary<Guid, int> Votes { get; } = new();
    }
}
