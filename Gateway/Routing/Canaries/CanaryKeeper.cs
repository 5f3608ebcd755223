using System.Globalization;
using System.Text.Json;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Canaries;
using AspireGateway.Shared.Domain.Routing;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// Watches the running canaries four times a second, off the way of any request: passes counts on to Redis in one call a canary, judges the sums of all gateways, rolls back what
/// broke a guard, and takes ramps on. Every gateway does it and needs no portal; what one decides the others read within the next quarter of a second. Without Redis each judges
/// by what it counted itself.
/// </summary>
internal sealed partial class CanaryKeeper(SnapshotHolder configuration, SteeringLog log, TimeProvider time, ILogger<CanaryKeeper> logger, RedisClient? redis = null)
    : BackgroundService
{
    private const string Nothing = "", Advance = "advance", Trip = "trip";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250), CallLimit = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Guid, CanaryRun> runs = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync();
                isFailing = false;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the loop must live on: without it a bad canary would go on.
                if (!isFailing) Log.RoundFailed(logger, fault);
                isFailing = true;
            }
            await Task.Delay(Tick, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look at every running canary.</summary>
    internal async Task RoundAsync()
    {
        if (configuration.Current is not { } snapshot) return;
        var seen = new HashSet<Guid>();
        foreach (var organisation in snapshot.Organisations.Values)
        {
            foreach (var canary in organisation.Steering.Canaries.Values)
            {
                seen.Add(canary.Id);
                if (!runs.TryGetValue(canary.Id, out var run)) runs[canary.Id] = run = new CanaryRun(time.GetUtcNow());
                await WatchAsync(organisation.Id, canary, run);
            }
        }
        foreach (var gone in runs.Keys.Where(id => !seen.Contains(id)).ToList()) runs.Remove(gone);
    }

    private async Task WatchAsync(Guid organisation, CanarySnapshot canary, CanaryRun run)
    {
        run.Take(canary.State);
        var isShared = await ShareAsync(run, canary, Nothing, "");
        if (run.Tripped is { } guard) canary.State.Trip(guard);
        if (canary.State.BrokenGuard is null && CanaryEvaluator.Broken(run.Canary, run.Baseline, canary.Guards) is { } broken)
        {
            // At once here; the others read it from Redis.
            canary.State.Trip(broken);
            Log.RolledBack(logger, canary.Id, canary.Model, broken);
        }
        if (canary.State.BrokenGuard is { } reason)
        {
            // Also after Redis lost its memory: it must not run again because nobody remembers.
            if (isShared && run.Tripped is null) await ShareAsync(run, canary, Trip, reason);
            if (!run.IsEndWritten) run.IsEndWritten = Write(organisation, canary, run, SteeringEvents.CanaryTrip, "", reason);
            return;
        }
        if (IsDue(canary, run))
        {
            if (isShared) await ShareAsync(run, canary, Advance, run.Stage.ToString(CultureInfo.InvariantCulture));
            else run.AdvanceAlone(time.GetUtcNow());
        }
        canary.State.Stage = run.Stage;
        if (run.Stage > run.WrittenStage && Write(organisation, canary, run, SteeringEvents.CanaryRamp, run.Stage.ToString(CultureInfo.InvariantCulture), null)) run.WrittenStage = run.Stage;
    }

    private async Task<bool> ShareAsync(CanaryRun run, CanarySnapshot canary, string action, string argument) =>
        redis is { Status.IsUp: true } && await run.ShareAsync(redis, canary.Id, action, argument, CallLimit);

    private bool IsDue(CanarySnapshot canary, CanaryRun run) =>
        run.Stage < canary.Shares.Length - 1 && time.GetUtcNow() - run.StageAt >= TimeSpan.FromSeconds(canary.DwellSeconds[run.Stage])
        && run.Canary.Requests - run.StageBase >= canary.MinRequests;

    private bool Write(Guid organisation, CanarySnapshot canary, CanaryRun run, string type, string occurrence, string? guard)
    {
        var now = time.GetUtcNow();
        var detail = new CanaryEventDetail(canary.Model, canary.Deployment.Name, guard, canary.Shares[Math.Min(run.Stage, canary.Shares.Length - 1)] / 100.0, ArmDetail.Of(run.Canary), ArmDetail.Of(run.Baseline));
        return log.TryWrite(new SteeringEvent
        {
            Id = Guid.CreateVersion7(now), OrganisationId = organisation, Type = type, SubjectId = canary.Id, Occurrence = occurrence,
            Detail = JsonSerializer.Serialize(detail, CanaryJson.Default.CanaryEventDetail), At = now,
        });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A round of the keeper of canaries failed; it goes on")]
        public static partial void RoundFailed(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Warning, "Canary {Canary} of model {Model} broke its guard {Guard} and was rolled back")]
        public static partial void RolledBack(ILogger logger, Guid canary, string model, string guard);
    }
}
