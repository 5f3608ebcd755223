using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AspireGateway.Integration.Tests.Stores;

/// <summary>A server process that dies with the test process, however that ends.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SigInt = 2, SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;

    // The death signal follows the thread that forked, so all children are started by one thread that lives as long as the process.
    private static readonly BlockingCollection<Action> Starts = StartThread();

    private readonly Process process;
    private readonly Task<string> output, errors;

    private ChildProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !process.HasExited;

    /// <summary>Starts a program; <paramref name="asPostgres"/> runs it as that user when this process is root's, because Postgres refuses to be root.</summary>
    public static async Task<ChildProcess> StartAsync(string program, IEnumerable<string> arguments, bool asPostgres = false, string deathSignal = "KILL")
    {
        var start = new ProcessStartInfo("setpriv") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        string[] identity = asPostgres && Environment.IsPrivilegedProcess
            ? ["--reuid", "postgres", "--regid", "postgres", "--init-groups", "--inh-caps=-all"]
            : [];
        foreach (var argument in (string[])[.. identity, "--pdeathsig", deathSignal, program, .. arguments]) start.ArgumentList.Add(argument);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception fault)
            {
                started.SetException(fault);
            }
        });
        return new ChildProcess(await started.Task);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it wrote.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, bool asPostgres = false)
    {
        await using var child = await StartAsync(program, arguments, asPostgres);
        await child.process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        if (child.process.ExitCode != 0) throw new InvalidOperationException($"{program} exited with {child.process.ExitCode}: {await child.WrittenAsync()}");
    }

    /// <summary>What it wrote; call it after its end.</summary>
    public async Task<string> WrittenAsync() => await errors + await output;

    /// <summary>Asks it to end, and kills it when it has not within ten seconds.</summary>
    public Task StopAsync() => StopAsync(SigInt);

    /// <summary>The same by SIGTERM, as an orchestrator does.</summary>
    public Task TerminateAsync() => StopAsync(SigTerm);

    private async Task StopAsync(int signal)
    {
        if (process.HasExited) return;
        Thaw();
        _ = Kill(process.Id, signal);
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Kills it without a word.</summary>
    public async Task KillAsync()
    {
        if (process.HasExited) return;
        _ = Kill(process.Id, SigKill);
        await process.WaitForExitAsync();
    }

    /// <summary>Stops it and its own children in their tracks: connections stay open and nothing answers.</summary>
    public void Freeze()
    {
        // The parent first, so that no child is born unfrozen.
        _ = Kill(process.Id, SigStop);
        foreach (var child in Children()) _ = Kill(child, SigStop);
    }

    /// <summary>Lets it go on.</summary>
    public void Thaw()
    {
        foreach (var child in Children()) _ = Kill(child, SigCont);
        _ = Kill(process.Id, SigCont);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    // Postgres puts each child in a group of its own, so a signal to the group would reach only the parent.
    private IEnumerable<int> Children()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (IOException)
            {
                continue;
            }
            // pid (name) state ppid ...; the name may hold anything, also brackets.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (int.Parse(fields[1], CultureInfo.InvariantCulture) == process.Id) yield return id;
        }
    }

    private static BlockingCollection<Action> StartThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable()) start();
        })
        { IsBackground = true, Name = "child processes" }.Start();
        return starts;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
