using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Output;

namespace AspireGateway.AppHost.Tests.Children;

public sealed class SupervisorTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly StringWriter _written = new(), _complaints = new();
    private readonly TextWriter _output, _error;
    private readonly Supervisor _supervisor;

    public SupervisorTests()
    {
        (_output, _error) = (TextWriter.Synchronized(_written), TextWriter.Synchronized(_complaints));
        var console = new HostConsole(_output, _error, colour: false);
        _supervisor = new Supervisor(new ChildStarter(CommandLine.ForMachine(), console.Log), console, TimeProvider.System);
    }

    public void Dispose()
    {
        _supervisor.KillAll();
        _supervisor.Dispose();
    }

    [Fact]
    public async Task Child_EndsUnasked_HaltsWithOneLineThatNamesIt()
    {
        await _supervisor.StartAsync(Shell("broken", "echo out of paper; exit 7"));

        await HaltedAsync();

        Assert.True(_supervisor.Failed);
        Assert.Matches("^error: broken \\(process \\d+\\) ended unexpectedly with exit code 7.*\"out of paper\"\\n$", Read(_error, _complaints));
    }

    [Fact]
    public async Task Child_OneOfSeveral_IsAnnouncedAndTheHostGoesOn()
    {
        var started = await _supervisor.StartAsync(Shell("gateway-2", "kill -9 $$"), _ => true);

        await started.Value.Exited.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await UntilAsync(() => Read(_output, _written).Contains("the others go on", StringComparison.Ordinal));

        Assert.Contains("was ended by signal 9", Read(_output, _written));
        Assert.False(_supervisor.Halt.IsCancellationRequested);
        Assert.Empty(Read(_error, _complaints));
    }

    [Fact]
    public async Task StopAll_SeveralChildren_StopsTheYoungestFirst()
    {
        foreach (var name in new[] { "first", "second", "third" })
            await ReadyAsync(Shell(name, "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done"));

        _supervisor.RequestStop("test");
        await _supervisor.StopAllAsync();

        var order = Read(_output, _written).Split('\n').Where(line => line.EndsWith("| bye", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]);
        Assert.Equal(["third", "second", "first"], order);
        Assert.Empty(Read(_error, _complaints));
    }

    [Fact]
    public async Task StopAll_ChildThatIgnoresTheSignal_IsKilledAndTold()
    {
        var child = await ReadyAsync(Shell("stubborn", "trap '' TERM; echo up; while :; do sleep 0.05; done") with { StopWithin = TimeSpan.FromMilliseconds(300) });

        _supervisor.RequestStop("test");
        await _supervisor.StopAllAsync();

        Assert.Equal(128 + 9, await child.Exited);
        Assert.Contains("stubborn did not stop within", Read(_output, _written));
    }

    [Fact]
    public async Task Child_Environment_IsExactlyWhatIsGiven()
    {
        await _supervisor.RunToEndAsync(
            Shell("env", "/usr/bin/env") with { Environment = new Dictionary<string, string> { ["ONLY"] = "this" } }, s_patience);

        // The shell adds these by itself.
        var seen = Lines("env").Where(line => !line.StartsWith("PWD=", StringComparison.Ordinal) && !line.StartsWith("SHLVL=", StringComparison.Ordinal)
            && !line.StartsWith("_=", StringComparison.Ordinal) && !line.StartsWith("OLDPWD=", StringComparison.Ordinal));
        Assert.Equal(["ONLY=this"], seen);
    }

    [Fact]
    public async Task RunToEnd_TakesTooLong_IsAFault()
    {
        var result = await _supervisor.RunToEndAsync(Shell("migration", "sleep 60"), TimeSpan.FromMilliseconds(200));

        Assert.Contains("migration did not finish within", result.Fault?.Message);
    }

    [Fact]
    public async Task Start_ProgramMissing_IsAFault()
    {
        var bare = new Supervisor(
            new ChildStarter(new CommandLine(null, null), (_, _) => { }), new HostConsole(_output, _error, colour: false), TimeProvider.System);

        var result = await bare.StartAsync(new ChildSpec("cache", "/nonexistent/redis-server", []) { Environment = new Dictionary<string, string>() });

        Assert.Contains("cannot start cache (/nonexistent/redis-server)", result.Fault?.Message);
    }

    [Fact]
    public async Task Start_AfterAStopWasAsked_StartsNothing()
    {
        _supervisor.RequestStop("test");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _supervisor.StartAsync(Shell("late", "echo up")));
    }

    private static ChildSpec Shell(string name, string script) => new(name, "/bin/sh", ["-c", script])
    {
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
    };

    private async Task<ChildProcess> ReadyAsync(ChildSpec spec)
    {
        var child = (await _supervisor.StartAsync(spec)).Value;
        await UntilAsync(() => Lines(spec.Name).Contains("up"));
        return child;
    }

    private IEnumerable<string> Lines(string name) => Read(_output, _written).Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[(line.IndexOf('|') + 2)..]);

    // Those who read the children write meanwhile, under this lock: a text that grows cannot be copied.
    private static string Read(TextWriter guard, StringWriter text)
    {
        lock (guard) return text.ToString();
    }

    private async Task HaltedAsync()
    {
        var halted = new TaskCompletionSource();
        await using var registration = _supervisor.Halt.Register(halted.SetResult);
        await halted.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        while (!condition())
            await Task.Delay(10, deadline.Token);
    }
}
