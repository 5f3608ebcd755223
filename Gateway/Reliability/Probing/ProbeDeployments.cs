using System.Collections.Concurrent;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Probing;

/// <summary>
/// Looks at deployments that have a schedule for it: a small GET behind the base URL, with the deployment's own credential. A server that answers lives, unless it
/// fails or refuses the credential. Every gateway looks for itself; no request waits for it.
/// </summary>
internal sealed partial class ProbeDeployments(
    SnapshotHolder configuration, ProviderClients clients, CredentialVault vault, CircuitWatch circuits, CredentialWatch credentials, TimeProvider time, ILogger<ProbeDeployments> logger) : BackgroundService
{
    private const int AtOnce = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> nextLooks = new();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Parallel.ForEachAsync(
                    Due(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, (due, token) => LookAsync(due.Organisation, due.Deployment, token));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.LookFailed(logger, fault.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Tick, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<(Guid Organisation, DeploymentSnapshot Deployment)> Due()
    {
        var due = new List<(Guid, DeploymentSnapshot)>();
        var now = time.GetUtcNow();
        var known = new HashSet<Guid>();
        foreach (var organisation in configuration.Current?.Organisations.Values ?? [])
        {
            foreach (var model in organisation.DirectModels.Values)
            {
                foreach (var deployment in model.Deployments)
                {
                    if (deployment.Breaker?.Probe is not { } probe || !deployment.IsEnabled) continue;
                    known.Add(deployment.Id);
                    if (nextLooks.TryGetValue(deployment.Id, out var next) && now < next) continue;
                    nextLooks[deployment.Id] = now + TimeSpan.FromSeconds(probe.EverySeconds);
                    due.Add((organisation.Id, deployment));
                }
            }
        }
        foreach (var id in nextLooks.Keys)
            if (!known.Contains(id)) nextLooks.TryRemove(id, out _);
        return due;
    }

    private async ValueTask LookAsync(Guid organisation, DeploymentSnapshot deployment, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var place = CredentialSpread.Choose(deployment, time);
        var word = await WordOfAsync(deployment, place, cancellationToken);
        // A credential that is refused is not the deployment's fault while it has others.
        if (word is not null && credentials.Failed(organisation, deployment, place, word, null) != CredentialVerdict.Deployment) return;
        circuits.Probed(organisation, deployment, startedAt, word);
    }

    // What is wrong, in the words of attempts; null = nothing.
    private async Task<string?> WordOfAsync(DeploymentSnapshot deployment, int place, CancellationToken cancellationToken)
    {
        if (ProviderModules.Find(deployment.Provider.Protocol) is not { } module) return "protocol_unknown";
        if (!vault.TryAuthorize(deployment, place, module, out var authorization)) return "credential_unreadable";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var client = clients.Of(deployment.Provider);
            using var request = new HttpRequestMessage(HttpMethod.Get, client.AddressOf(deployment.Breaker!.Probe!.Path));
            if (authorization is not null) await authorization.ApplyAsync(request, ReadOnlyMemory<byte>.Empty, limit.Token);
            using var response = await client.SendAsync(request, limit.Token);
            return (int)response.StatusCode switch
            {
                401 or 403 => "unauthorized",
                503 or 529 => "overloaded",
                >= 500 => "server_error",
                _ => null,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timeout";
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return CallFailures.Of(deployment.Provider, fault).Outcome;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A look at deployments failed ({Fault}); it is tried again")]
        public static partial void LookFailed(ILogger logger, string fault);
    }
}
