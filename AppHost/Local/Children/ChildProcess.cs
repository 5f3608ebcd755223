using System.Diagnostics;

namespace AspireGateway.AppHost.Local.Children;

/// <summary>A running child: its exit, its last words, and how to stop it.</summary>
internal sealed class ChildProcess
{
    private readonly Process _process;
    private readonly bool _leadsGroup;
    private readonly Task _logs;
    private volatile string? _lastLine;

    /// <summary>Takes over a process that has just been started with redirected streams.</summary>
    public ChildProcess(ChildSpec spec, Process process, bool leadsGroup, Action<string, string> log)
    {
        Spec = spec;
        _process = process;
        _leadsGroup = leadsGroup;
        ProcessId = process.Id;
        process.StandardInput.Close();
        _logs = Task.WhenAll(PumpAsync(process.StandardOutput, log), PumpAsync(process.StandardError, log));
        Exited = WaitAsync();
    }

    /// <summary>What was started.</summary>
    public ChildSpec Spec { get; }

    /// <summary>The process id.</summary>
    public int ProcessId { get; }

    /// <summary>Completes with the exit code; 128 + n when signal n ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last line that it wrote: mostly the reason when it failed.</summary>
    public string? LastLine => _lastLine;

    /// <summary>Set once the host has asked it to stop: its exit is then no news.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>Asks it to stop, waits, and kills it when it takes too long; true when it went by itself.</summary>
    public async Task<bool> StopAsync(TimeProvider time)
    {
        StopRequested = true;
        if (Exited.IsCompleted)
            return true;
        Native.Send(ProcessId, Spec.StopSignal);
        try
        {
            await Exited.WaitAsync(Spec.StopWithin, time);
            return true;
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
            return false;
        }
    }

    /// <summary>Ends it and what it started, at once.</summary>
    public void Kill()
    {
        StopRequested = true;
        if (!Exited.IsCompleted)
            Native.Send(_leadsGroup ? -ProcessId : ProcessId, Signal.Kill);
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        // Its last words matter, but a grandchild that holds the pipe must not hold us.
        await Task.WhenAny(_logs, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private async Task PumpAsync(StreamReader reader, Action<string, string> log)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.Length == 0)
                    continue;
                _lastLine = line;
                log(Spec.Name, line);
            }
        }
        catch (IOException)
        {
            // The pipe broke with its process; the exit tells the rest.
        }
    }
}
