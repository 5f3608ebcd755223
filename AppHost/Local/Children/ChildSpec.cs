namespace AspireGateway.AppHost.Local.Children;

/// <summary>How a child process is started and stopped.</summary>
/// <param name="Name">The resource's name in the log.</param>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments; no secret belongs here, every user can read them.</param>
internal sealed record ChildSpec(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The whole environment: nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The folder it starts in.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The signal that asks it to stop.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>How long it may take to stop before it is killed.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The signal that the kernel sends it when the host dies without having stopped it.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>The user (and group) it runs as when the host is root; null for the host's own.</summary>
    public string? RunAs { get; init; }
}
