using System.Text.Json;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>Runs the scripts of <c>tests/Sdks</c> on node, with the official packages from npm.</summary>
internal static class NodeSdks
{
    /// <summary>Runs a script and returns its scenarios: name, and the error of those that failed.</summary>
    public static async Task<IReadOnlyList<(string Name, string? Error)>> RunAsync(string script, params string[] arguments)
    {
        var folder = await NodePackages.InstallAsync("Sdks", "ai", "openai");
        var output = await NodePackages.RunAsync(folder, "node", [script + ".mjs", .. arguments], TimeSpan.FromMinutes(3));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("{\"name\"", StringComparison.Ordinal)).Select(Read)];
    }

    private static (string Name, string? Error) Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return (root.GetProperty("name").GetString()!, root.GetProperty("ok").GetBoolean() ? null : root.GetProperty("error").GetString());
    }
}
