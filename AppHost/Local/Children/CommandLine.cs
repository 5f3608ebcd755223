namespace AspireGateway.AppHost.Local.Children;

/// <summary>
/// Wraps a child's command in <c>setsid</c> and <c>setpriv</c> (util-linux). A session of its own keeps the terminal's Ctrl-C away, so that the host
/// decides the order of stopping; the parent-death signal leaves no orphan when the host is killed; another user is taken on for Postgres.
/// Both replace themselves by the command: the process id is the command's own.
/// </summary>
internal sealed class CommandLine(string? setsid, string? setpriv)
{
    /// <summary>The wrapper for this machine. macOS has neither tool: children then share the host's session.</summary>
    public static CommandLine ForMachine() => new(Programs.Find("setsid"), Programs.Find("setpriv"));

    /// <summary>Whether the host can start a program as another user.</summary>
    public bool CanSwitchUser => setpriv is not null;

    /// <summary>Whether each child leads a process group of its own.</summary>
    public bool OwnSession => setsid is not null && setpriv is not null;

    /// <summary>The full command: program first, then its arguments.</summary>
    public IReadOnlyList<string> Build(ChildSpec spec)
    {
        if (setsid is null || setpriv is null)
            return [spec.FileName, .. spec.Arguments];

        return
        [
            setsid, setpriv, .. spec.RunAs is null ? [] : SwitchUser(spec.RunAs),
            "--pdeathsig", spec.DeathSignal switch { Signal.Interrupt => "INT", Signal.Terminate => "TERM", _ => "KILL" },
            "--", spec.FileName, .. spec.Arguments,
        ];
    }

    /// <summary>The command for a short helper program, as another user where one is named.</summary>
    public IReadOnlyList<string> BuildTool(string? runAs, string fileName, IReadOnlyList<string> arguments) =>
        runAs is null || setpriv is null ? [fileName, .. arguments] : [setpriv, .. SwitchUser(runAs), "--", fileName, .. arguments];

    private static string[] SwitchUser(string user) => ["--reuid", user, "--regid", user, "--init-groups", "--inh-caps=-all"];
}
