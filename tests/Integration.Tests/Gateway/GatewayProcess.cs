using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>A real gateway in a process of its own, as an operator runs it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly ChildProcess process;
    private bool disposed;

    private GatewayProcess(ChildProcess process, Uri address)
    {
        this.process = process;
        Address = address;
        // A test that leaves a stream must close its connection, not read on.
        Http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    /// <summary>A client of it, without a key.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts one and waits until it listens; it need not be ready.</summary>
    public static async Task<GatewayProcess> StartAsync(string database, string dataPath, string masterKey, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        string[] environment =
        [
            "ASPNETCORE_ENVIRONMENT=Production", $"ASPNETCORE_URLS={address}", $"ConnectionStrings__gatewaydb={database}", $"Gateway__DataPath={dataPath}",
            $"Gateway__MasterKey={masterKey}", "DOTNET_gcServer=0",
        ];
        var child = await ChildProcess.StartAsync("env", [.. environment, .. settings, "dotnet", Builds.Dll("Gateway")]);
        var gateway = new GatewayProcess(child, address);
        try
        {
            await Eventually.HoldsAsync(
                async () => child.IsRunning
                    ? (await gateway.Http.GetAsync("/health/live")).IsSuccessStatusCode
                    : throw new InvalidOperationException("The gateway ended: " + await child.WrittenAsync()),
                TimeSpan.FromSeconds(60), "the gateway listens");
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for a chat completion.</summary>
    public async Task<HttpResponseMessage> ChatAsync(string key, string body, string? requestId = null, CancellationToken cancellationToken = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (requestId is not null) request.Headers.Add("x-request-id", requestId);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The body of <c>/health/ready</c>.</summary>
    public async Task<JsonElement> ReadyAsync() => await (await Http.GetAsync("/health/ready")).Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>A metric without labels.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var line = (await Http.GetStringAsync("/metrics")).Split('\n').First(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Kills it without a word.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Asks it to end and returns everything that it wrote.</summary>
    public async Task<string> StopAsync()
    {
        await process.StopAsync();
        return await process.WrittenAsync();
    }

    /// <summary>Asks it to end by SIGTERM, as an orchestrator does.</summary>
    public Task TerminateAsync() => process.TerminateAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        Http.Dispose();
        await process.DisposeAsync();
    }
}
