using System.Collections.Concurrent;
using System.Diagnostics;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>Folders of scripts beside the test assembly, with the packages from npm that their package.json names.</summary>
internal static class NodePackages
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Installed = new(StringComparer.Ordinal);

    /// <summary>Installs once what is not there yet: later runs find it. No lock file, which would name a registry; package.json pins the packages themselves.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="packages">Packages by which to see that it is done.</param>
    /// <returns>The folder's path.</returns>
    public static async Task<string> InstallAsync(string name, params string[] packages)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, name);
        await Installed.GetOrAdd(name, _ => new(() => Array.TrueForAll(packages, p => Directory.Exists(Path.Combine(folder, "node_modules", p)))
            ? Task.CompletedTask
            : RunAsync(folder, "npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], TimeSpan.FromMinutes(5)))).Value;
        return folder;
    }

    /// <summary>Runs a program to its end and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string folder, string program, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
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
