using AspireGateway.AppHost.Local.Output;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Children;

/// <summary>
/// Knows every child that this host has started. A child that ends unasked is announced in one line and, unless it is one of several, halts the host;
/// nothing is restarted. Stopping goes in the reverse order of starting and touches only what is in this list.
/// </summary>
internal sealed class Supervisor(ChildStarter starter, HostConsole console, TimeProvider time) : IDisposable
{
    private readonly List<ChildProcess> _children = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _halt = new();

    /// <summary>Cancelled as soon as the host has to stop, for whatever reason.</summary>
    public CancellationToken Halt => _halt.Token;

    /// <summary>True once a child's unasked end, or a fault, is the reason to stop.</summary>
    public bool Failed { get; private set; }

    /// <summary>Asks the host to stop in good order.</summary>
    public void RequestStop(string reason)
    {
        if (!_halt.IsCancellationRequested)
            console.Say($"stopping ({reason})");
        _halt.Cancel();
    }

    /// <summary>Gives up with one line that says why.</summary>
    public void Fail(Fault fault)
    {
        lock (_gate)
        {
            // The first reason is the reason: what follows from it would only hide it.
            if (Failed || _halt.IsCancellationRequested)
                return;
            Failed = true;
        }

        console.Error(fault.Message);
        _halt.Cancel();
    }

    /// <summary>Starts a child and watches it.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="canGoOnWithout">Asked when the child has ended unasked: true keeps the host running.</param>
    public async Task<Outcome<ChildProcess>> StartAsync(ChildSpec spec, Func<ChildProcess, bool>? canGoOnWithout = null)
    {
        Halt.ThrowIfCancellationRequested();
        var started = await starter.StartAsync(spec);
        if (started.Fault is { } fault)
            return fault;
        var child = started.Value;
        lock (_gate)
            _children.Add(child);
        _ = WatchAsync(child, canGoOnWithout);
        return child;
    }

    /// <summary>Starts a child that is meant to end by itself (the migration) and waits for that.</summary>
    public async Task<Outcome<ChildProcess>> RunToEndAsync(ChildSpec spec, TimeSpan within)
    {
        Halt.ThrowIfCancellationRequested();
        var started = await starter.StartAsync(spec);
        if (started.Fault is { } fault)
            return fault;
        var child = started.Value;
        lock (_gate)
            _children.Add(child);
        try
        {
            await child.Exited.WaitAsync(within, time, Halt);
            return child;
        }
        catch (TimeoutException)
        {
            return new Fault($"{spec.Name} did not finish within {within.TotalSeconds:0} s: its log is above");
        }
    }

    /// <summary>Stops all children, the youngest first; false when none was ever started.</summary>
    public async Task<bool> StopAllAsync()
    {
        ChildProcess[] children;
        lock (_gate)
            children = [.. _children];
        foreach (var child in children.Reverse().Where(c => !c.Exited.IsCompleted))
        {
            if (!await child.StopAsync(time))
                console.Say($"{child.Spec.Name} did not stop within {child.Spec.StopWithin.TotalSeconds:0} s and was killed");
        }

        return children.Length > 0;
    }

    /// <summary>Kills all children at once: for a developer who asks a second time.</summary>
    public void KillAll()
    {
        lock (_gate)
        {
            foreach (var child in _children)
                child.Kill();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _halt.Dispose();

    private async Task WatchAsync(ChildProcess child, Func<ChildProcess, bool>? canGoOnWithout)
    {
        var exitCode = await child.Exited;
        if (child.StopRequested || _halt.IsCancellationRequested)
            return;
        var how = $"{child.Spec.Name} (process {child.ProcessId}) {Describe(exitCode)}";
        if (canGoOnWithout?.Invoke(child) == true)
            console.Say($"{how}; the others go on");
        else
            Fail(new Fault($"{how}, so everything is stopped: its last line was \"{LogLine.Printable(child.LastLine ?? "")}\""));
    }

    private static string Describe(int exitCode) => exitCode > 128
        ? $"was ended by signal {exitCode - 128}"
        : $"ended unexpectedly with exit code {exitCode}";
}
