using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.EndToEnd;

/// <summary>The whole product, started as the README says: <c>dotnet run --project AppHost</c>.</summary>
internal sealed class LocalHostProcess : IAsyncDisposable
{
    private readonly ChildProcess process;

    private LocalHostProcess(ChildProcess process, JsonElement run)
    {
        this.process = process;
        Gateway = new Uri(run.GetProperty("gateway").GetString()!);
        Portal = new Uri(run.GetProperty("portal").GetString()!);
        DemoKey = run.GetProperty("demoKey").GetString()!;
        AdminToken = run.GetProperty("adminToken").GetString()!;
        SignInUrl = new Uri(run.GetProperty("signInUrl").GetString()!);
    }

    public Uri Gateway { get; }

    public Uri Portal { get; }

    public string DemoKey { get; }

    public string AdminToken { get; }

    public Uri SignInUrl { get; }

    /// <summary>Starts it on a data folder and waits for its <c>run.json</c>.</summary>
    public static async Task<LocalHostProcess> StartAsync(string data, int portBase)
    {
        var runFile = Path.Combine(data, "run.json");
        // On a developer's machine a provider's key would replace the simulator.
        string[] noKeys = ["-u", "OPENAI_API_KEY", "-u", "ANTHROPIC_API_KEY", "-u", "GEMINI_API_KEY", "-u", "AWS_ACCESS_KEY_ID"];
        var child = await ChildProcess.StartAsync(
            "env",
            [.. noKeys, "Orchestrator=local", "dotnet", "run", "--project", Path.Combine(Builds.Root, "AppHost"), "-c", Builds.Configuration, "--",
                "--data", data, "--port-base", portBase.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        try
        {
            await Eventually.HoldsAsync(
                async () => child.IsRunning ? File.Exists(runFile) : throw new InvalidOperationException("The host ended: " + await child.WrittenAsync()),
                TimeSpan.FromSeconds(180), "the host is ready");
            return new LocalHostProcess(child, JsonDocument.Parse(await File.ReadAllBytesAsync(runFile)).RootElement);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Interrupts it as Ctrl-C does and returns what it wrote.</summary>
    public async Task<string> StopAsync()
    {
        await process.StopAsync();
        return await process.WrittenAsync();
    }

    /// <summary>A base of ten ports of which nobody listens on any.</summary>
    public static int FreePortBase()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(endPoint => endPoint.Port).ToHashSet();
        for (var start = 20_000 + Environment.ProcessId % 500 * 20; start < 60_000; start += 20)
            if (!Enumerable.Range(start, 20).Any(taken.Contains)) return start;
        throw new InvalidOperationException("No ten free ports in a row.");
    }

    /// <summary>Whether anybody listens on a port of this machine.</summary>
    public static bool IsListening(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(endPoint => endPoint.Port == port);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
