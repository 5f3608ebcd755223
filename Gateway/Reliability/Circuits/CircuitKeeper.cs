using System.Collections.Concurrent;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>
/// What circuits need beside the requests, four times a second: tells other gateways and the books what changed, hears what others saw, lets one request look at
/// a deployment whose time is up, and does what people ordered in the portal. A request waits for none of it.
/// </summary>
internal sealed partial class CircuitKeeper(
    CircuitNews news, SharedCircuits shared, CircuitBooks books, SnapshotHolder configuration, TimeProvider time, ILogger<CircuitKeeper> logger) : BackgroundService
{
    private const int MostUnwritten = 1_024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TidyEvery = TimeSpan.FromHours(6);

    private readonly List<CircuitNote> unwritten = [];
    private readonly ConcurrentDictionary<Guid, DeploymentSnapshot> troubled = new();
    private readonly Dictionary<Guid, long> heardAt = [];
    private ConfigurationSnapshot? ordered;
    private Dictionary<Guid, DeploymentSnapshot> deployments = [];
    private DateTimeOffset nextTidy;
    private Task writing = Task.CompletedTask;
    private bool isUnwritable;

    /// <summary>Deployments that are not simply closed, as far as this gateway knows.</summary>
    public ICollection<DeploymentSnapshot> Troubled => troubled.Values;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                isFailing = false;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the loop must live on: without it an open circuit would stay open.
                if (!isFailing) Log.RoundFailed(logger, fault.GetType().Name);
                isFailing = true;
            }
            await Task.Delay(Tick, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        if (configuration.Current is not { } snapshot) return;
        if (!ReferenceEquals(snapshot, ordered)) TakeOrders(snapshot);
        while (news.TryTake(out var note))
        {
            // Who stands in is not in trouble; the other gateways see for themselves that somebody is out.
            if (note.Change.State != CircuitState.StandingIn)
            {
                if (deployments.TryGetValue(note.Deployment, out var deployment)) troubled[note.Deployment] = deployment;
                await shared.TellAsync(note);
            }
            if (unwritten.Count < MostUnwritten) unwritten.Add(note);
        }
        await HearAsync();
        await LookAsync();
        // A database that does not answer must not keep this gateway from hearing of circuits.
        if (writing.IsCompleted) writing = WriteAsync(cancellationToken);
    }

    private void TakeOrders(ConfigurationSnapshot snapshot)
    {
        ordered = snapshot;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var all = new Dictionary<Guid, DeploymentSnapshot>();
        foreach (var organisation in snapshot.Organisations.Values)
            foreach (var model in organisation.DirectModels.Values)
                foreach (var deployment in model.Deployments) all[deployment.Id] = deployment;
        deployments = all;
        foreach (var (id, deployment) in all)
        {
            var order = deployment.Breaker;
            deployment.Traffic.Circuit.Order(order?.IsHeldOpen ?? false, order?.ClosedAt?.ToUnixTimeMilliseconds() ?? 0, now);
            if (order is { IsHeldOpen: true } || troubled.ContainsKey(id)) troubled[id] = deployment;
        }
        foreach (var id in troubled.Keys)
            if (!all.ContainsKey(id)) troubled.TryRemove(id, out _);
    }

    private async Task HearAsync()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var note in await shared.HearAsync())
        {
            if (!deployments.TryGetValue(note.Deployment, out var deployment)) continue;
            // The clocks of two servers of Redis may differ by a little; the same note is not news twice.
            if (heardAt.TryGetValue(note.Deployment, out var before) && Math.Abs(note.AtMs - before) <= 1) continue;
            heardAt[note.Deployment] = note.AtMs;
            deployment.Traffic.Circuit.Adopt(note.Change, now);
            if (deployment.Traffic.Circuit.StateAt(now) != CircuitState.Closed) troubled[note.Deployment] = deployment;
        }
    }

    private async Task LookAsync()
    {
        foreach (var (id, deployment) in troubled)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var circuit = deployment.Traffic.Circuit;
            circuit.Tidy(now);
            if (circuit.StateAt(now) == CircuitState.Closed) troubled.TryRemove(id, out _);
            else if (circuit.WantsLook(now) && await shared.TryLookAsync(id)) circuit.Permit(time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (unwritten.Count > 0)
            {
                CircuitNote[] some = [.. unwritten];
                await books.WriteAsync(some, cancellationToken);
                unwritten.RemoveRange(0, some.Length);
            }
            if (time.GetUtcNow() is var now && now < nextTidy) return;
            nextTidy = now + TidyEvery;
            await books.TidyAsync(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            if (!isUnwritable) Log.CannotWrite(logger, fault.GetType().Name);
            isUnwritable = true;
            return;
        }
        isUnwritable = false;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Circuits cannot be kept ({Fault}); it is tried again")]
        public static partial void RoundFailed(ILogger logger, string fault);

        [LoggerMessage(2, LogLevel.Warning, "What circuits did cannot be written to Postgres ({Fault}); it waits")]
        public static partial void CannotWrite(ILogger logger, string fault);
    }
}
