using AspireGateway.Gateway.State;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>
/// Brings votes that came before the record of their request together with it, off the way of any request: often for a minute after this gateway took one, else now and then, for those
/// that outlive an outage. Every gateway does; a row is one gateway's at a time.
/// </summary>
internal sealed partial class FeedbackMatcher(FeedbackStore store, SnapshotHolder configuration, IOptions<FeedbackOptions> options, TimeProvider time, ILogger<FeedbackMatcher> logger)
    : BackgroundService
{
    private static readonly TimeSpan Eager = TimeSpan.FromMinutes(1), Seldom = TimeSpan.FromSeconds(30), RoundLimit = TimeSpan.FromSeconds(10);

    private long eagerUntil;

    /// <summary>Notes that a vote waits.</summary>
    public void Expect() => Volatile.Write(ref eagerUntil, (time.GetUtcNow() + Eager).UtcTicks);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFailing = false;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(Math.Max(100, options.Value.LookEveryMs)), time);
        var last = DateTimeOffset.MinValue;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            if (now.UtcTicks > Volatile.Read(ref eagerUntil) && now - last < Seldom) continue;
            last = now;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(RoundLimit);
                await RoundAsync(limit.Token);
                isFailing = false;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isFailing) Log.CannotMatch(logger, fault.GetType().Name);
                isFailing = true;
            }
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var waitingSince = now.AddSeconds(-options.Value.WaitSeconds);
        CanaryVotes.Count(configuration.Current, await store.MatchAsync(null, waitingSince, now.AddDays(-options.Value.MaxAgeDays), cancellationToken));
        await store.DropAsync(waitingSince, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Votes wait for the records of their requests: Postgres did not answer ({Fault})")]
        public static partial void CannotMatch(ILogger logger, string fault);
    }
}
