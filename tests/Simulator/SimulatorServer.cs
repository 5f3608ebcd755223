using System.Net;
using System.Text;
using AspireGateway.Simulator.Recording;
using AspireGateway.Simulator.Scripting;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator;

/// <summary>A simulator inside the test's own process, on a free port of the loopback interface.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ScriptQueue scripts;
    private readonly RequestLog log;

    private SimulatorServer(WebApplication started)
    {
        app = started;
        scripts = app.Services.GetRequiredService<ScriptQueue>();
        log = app.Services.GetRequiredService<RequestLog>();
        BaseUrl = new Uri(app.Urls.First());
    }

    /// <summary>Address without <c>/v1</c>, for example <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>What was received so far, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests => log.Since(0);

    /// <summary>Scripts that no request has consumed yet.</summary>
    public int PendingScripts => scripts.Count;

    /// <summary>Starts a simulator; it answers at once unless <paramref name="options"/> say otherwise.</summary>
    /// <param name="options">Pace and memory; null is <see cref="SimulatorOptions.Immediate"/>.</param>
    /// <param name="port">0 picks a free one; a number lets a test bring a dead provider back at its old address.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<SimulatorServer> StartAsync(
        SimulatorOptions? options = null, int port = 0, CancellationToken cancellationToken = default)
    {
        // Empty: the test's own environment and settings files must not reach into the simulator.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var starting = SimulatorApp.Build(builder, options ?? SimulatorOptions.Immediate);
        try
        {
            await starting.StartAsync(cancellationToken);
            return new SimulatorServer(starting);
        }
        catch
        {
            await starting.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the next requests, one each and in this order, follow these directives (<c>"status=529; retry-after=2"</c>).</summary>
    /// <exception cref="ArgumentException">A directive is unknown; nothing was queued.</exception>
    public void Script(params string[] directives) => Enqueue(model: null, directives);

    /// <summary>As <see cref="Script"/>, but only for requests that name this model.</summary>
    public void ScriptFor(string model, params string[] directives) => Enqueue(model, directives);

    /// <summary>The key file of the service account that <c>/token</c> knows, as Google's console gives it out; its <c>token_uri</c> is here.</summary>
    public string GoogleServiceAccountJson() =>
        Encoding.UTF8.GetString(app.Services.GetRequiredService<GoogleServiceAccount>().ToJson(BaseUrl));

    /// <summary>Drops the scripts that no request has consumed.</summary>
    public void ClearScripts() => scripts.Clear();

    /// <summary>Forgets what was received; the ids go on.</summary>
    public void ClearRequests() => log.Clear();

    /// <summary>Waits until a request fulfils the condition, looking again at every change.</summary>
    /// <exception cref="TimeoutException">None did in time (30 s by default).</exception>
    public Task<RecordedRequest> WaitForRequestAsync(
        Func<RecordedRequest, bool> condition, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        log.WaitAsync(condition, timeout ?? TimeSpan.FromSeconds(30), cancellationToken);

    /// <summary>Stops at once; replies under way are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private void Enqueue(string? model, string[] directives)
    {
        var entries = new List<ScriptEntry>(directives.Length);
        foreach (var text in directives)
        {
            if (DirectiveReader.TryApply(text, Directives.None, out var parsed) is { } fault)
                throw new ArgumentException(fault, nameof(directives));
            entries.Add(new ScriptEntry(model, parsed));
        }

        if (!scripts.TryAdd(entries))
            throw new ArgumentException($"More than {ScriptQueue.Capacity} scripts would be waiting.", nameof(directives));
    }
}
