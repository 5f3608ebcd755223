using AspireGateway.AppHost.Local.Output;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>Waits for a resource to answer, tells how it goes, and gives up in the end.</summary>
internal sealed class Readiness(HostConsole console, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Waits until the address answers 200.</summary>
    public Task<Fault?> ForHttpAsync(string resource, string url, CancellationToken cancellationToken) =>
        ForAsync(resource, token => ProbeAsync(url, token), cancellationToken);

    /// <summary>Waits until the probe has nothing to complain about.</summary>
    /// <param name="resource">The resource's name.</param>
    /// <param name="probe">Null when ready, else what is still missing.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Fault?> ForAsync(string resource, Func<CancellationToken, Task<string?>> probe, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var lastTold = start;
        while (await probe(cancellationToken) is { } missing)
        {
            if (time.GetElapsedTime(start) > s_deadline)
                return new Fault($"{resource} was not ready within {s_deadline.TotalSeconds:0} s ({missing}): its log is above");
            if (time.GetElapsedTime(lastTold) > s_progress)
            {
                lastTold = time.GetTimestamp();
                console.Say($"still waiting for {resource}: {missing}");
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        console.Say($"{resource} is ready after {time.GetElapsedTime(start).TotalSeconds:0.0} s");
        return null;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<string?> ProbeAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"{url} answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return $"{url} does not answer yet";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{url} does not answer in time";
        }
    }
}
