using System.Diagnostics;
using System.Text.Json;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>Runs the scripts of <c>tests/Sdks</c> on node, with the official packages from npm.</summary>
internal static class NodeSdks
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Sdks");

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Runs a script and returns its scenarios: name, and the error of those that failed.</summary>
    public static async Task<IReadOnlyList<(string Name, string? Error)>> RunAsync(string script, params string[] arguments)
    {
        await Installed.Value;
        var output = await RunProcessAsync("node", [script + ".mjs", .. arguments], TimeSpan.FromMinutes(3));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("{\"name\"", StringComparison.Ordinal)).Select(Read)];
    }

    private static (string Name, string? Error) Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return (root.GetProperty("name").GetString()!, root.GetProperty("ok").GetBoolean() ? null : root.GetProperty("error").GetString());
    }

    // Kept beside the test assembly: later runs find the packages there. No lock file, which would name a registry; package.json pins the SDKs themselves.
    private static Task InstallAsync() =>
        Directory.Exists(Path.Combine(Folder, "node_modules", "ai")) && Directory.Exists(Path.Combine(Folder, "node_modules", "openai"))
            ? Task.CompletedTask
            : RunProcessAsync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], TimeSpan.FromMinutes(5));

    private static async Task<string> RunProcessAsync(string program, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}: {await errors}{await output}");
    }
}
