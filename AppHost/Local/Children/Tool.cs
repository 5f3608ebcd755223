using System.ComponentModel;
using System.Diagnostics;

namespace AspireGateway.AppHost.Local.Children;

/// <summary>What a short helper program answered.</summary>
/// <param name="ExitCode">Its exit code; 127 when it could not be started, 124 when it took too long.</param>
/// <param name="Output">Its standard output, trimmed.</param>
/// <param name="Error">Its standard error, trimmed.</param>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The most telling line: the last of the error output, else of the output.</summary>
    public string Reason => (Error.Length > 0 ? Error : Output).Split('\n')[^1].Trim();
}

/// <summary>Runs short helper programs (initdb, createdb, chown) to their end.</summary>
internal sealed class Tool(CommandLine commandLine, TimeProvider time)
{
    /// <summary>Runs a program with exactly the given environment, killed after <paramref name="within"/>.</summary>
    public async Task<ToolResult> RunAsync(
        string fileName,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan within,
        CancellationToken cancellationToken,
        string? runAs = null)
    {
        var command = commandLine.BuildTool(runAs, fileName, arguments);
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        foreach (var (name, value) in environment)
            info.Environment[name] = value;

        using var deadline = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(either.Token);
                var error = process.StandardError.ReadToEndAsync(either.Token);
                await process.WaitForExitAsync(either.Token);
                return new ToolResult(process.ExitCode, (await output).Trim(), (await error).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return new ToolResult(124, "", $"{Path.GetFileName(fileName)} took longer than {within.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception e)
        {
            return new ToolResult(127, "", $"{fileName}: {e.Message}");
        }
    }
}
