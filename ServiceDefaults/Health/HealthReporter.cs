using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AspireGateway.ServiceDefaults.Health;

/// <summary>
/// Runs health checks side by side, each under a time limit that holds even for a check that ignores its token, and keeps the outcome for a
/// second, so that neither a frozen store nor an eager prober can make it slow or busy.
/// </summary>
internal sealed partial class HealthReporter(
    IServiceScopeFactory scopes, IOptions<HealthCheckServiceOptions> options, TimeProvider clock, ILogger<HealthReporter> logger)
{
    /// <summary>Time limit of a check that sets none.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<HealthReport>? latest;
    private long latestStarted;

    /// <summary>The state of all checks, at most a second old.</summary>
    public Task<HealthReport> ReportAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && clock.GetElapsedTime(latestStarted) >= KeptFor))
            {
                latestStarted = clock.GetTimestamp();
                // Shared by all who ask: one of them leaving must not end it for the others.
                latest = RunAsync(_ => true);
            }
            return latest.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The state of the checks with this tag, as of now.</summary>
    public Task<HealthReport> ReportAsync(string tag, CancellationToken cancellationToken) =>
        RunAsync(check => check.Tags.Contains(tag)).WaitAsync(cancellationToken);

    private async Task<HealthReport> RunAsync(Func<HealthCheckRegistration, bool> wanted)
    {
        var started = clock.GetTimestamp();
        var checks = options.Value.Registrations.Where(wanted).ToArray();
        // A check may block before its first await, so each gets a pool thread.
        var entries = await Task.WhenAll(checks.Select(check => Task.Run(() => RunAsync(check))));
        return new HealthReport(
            checks.Zip(entries).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal), clock.GetElapsedTime(started));
    }

    private async Task<HealthReportEntry> RunAsync(HealthCheckRegistration registration)
    {
        var started = clock.GetTimestamp();
        var limit = registration.Timeout > TimeSpan.Zero ? registration.Timeout : DefaultTimeout;
        using var cancellation = new CancellationTokenSource(limit, clock);
        HealthCheckResult result;
        try
        {
            result = await Task.Run(() => CheckAsync(registration, cancellation.Token), CancellationToken.None).WaitAsync(limit, clock, CancellationToken.None);
        }
        catch (Exception fault) when (fault is TimeoutException || cancellation.IsCancellationRequested)
        {
            result = new HealthCheckResult(registration.FailureStatus, $"no answer within {limit.TotalSeconds:0.#} s");
        }
        catch (Exception fault)
        {
            // The text may name hosts or users: it is for the log, not for whoever asks.
            Log.CheckFailed(logger, registration.Name, fault);
            result = new HealthCheckResult(registration.FailureStatus, "the check failed; the log says why");
        }
        return new HealthReportEntry(result.Status, result.Description, clock.GetElapsedTime(started), null, result.Data, registration.Tags);
    }

    private async Task<HealthCheckResult> CheckAsync(HealthCheckRegistration registration, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new HealthCheckContext { Registration = registration };
        return await registration.Factory(scope.ServiceProvider).CheckHealthAsync(context, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Health check {Check} failed")]
        public static partial void CheckFailed(ILogger logger, string check, Exception fault);
    }
}
