using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Children;

/// <summary>
/// Starts all children from one thread that lives as long as the process: the kernel sends the parent-death signal when the
/// <em>thread</em> that forked ends (prctl(2), PR_SET_PDEATHSIG), and a pool thread may end at any time.
/// </summary>
internal sealed class ChildStarter
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly CommandLine _commandLine;
    private readonly Action<string, string> _log;

    /// <summary>Starts the thread.</summary>
    public ChildStarter(CommandLine commandLine, Action<string, string> log)
    {
        _commandLine = commandLine;
        _log = log;
        new Thread(() =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
                work();
        })
        {
            IsBackground = true,
            Name = "child starter",
        }.Start();
    }

    /// <summary>Starts a child; a program that cannot be run is a fault.</summary>
    public Task<Outcome<ChildProcess>> StartAsync(ChildSpec spec)
    {
        var result = new TaskCompletionSource<Outcome<ChildProcess>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(new ChildProcess(spec, Process.Start(StartInfo(spec))!, _commandLine.OwnSession, _log));
            }
            catch (Win32Exception e)
            {
                result.SetResult(new Fault($"cannot start {spec.Name} ({spec.FileName}): {e.Message}"));
            }
        });
        return result.Task;
    }

    private ProcessStartInfo StartInfo(ChildSpec spec)
    {
        var command = _commandLine.Build(spec);
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory,
        };
        info.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
            info.Environment[name] = value;
        return info;
    }
}
