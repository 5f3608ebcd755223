namespace AspireGateway.AppHost.Local.Children;

/// <summary>
/// Notices that <c>dotnet run</c> was killed. It passes every catchable signal on to us, but not its own <c>kill -9</c>; without this the host would
/// live on, invisible, with the ports taken.
/// </summary>
internal static class ParentWatch
{
    /// <summary>Whether the command line (zero-separated, as in <c>/proc/pid/cmdline</c>) is that of <c>dotnet run</c>.</summary>
    public static bool IsDotnetRun(string commandLine)
    {
        var words = commandLine.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && Path.GetFileName(words[0]) == "dotnet" && words.Skip(1).Take(2).Any(word => word is "run" or "watch");
    }

    /// <summary>Waits until the parent has gone; returns at once when the parent is not <c>dotnet run</c>.</summary>
    /// <returns>True when the parent has gone.</returns>
    public static async Task<bool> WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var parent = Native.ParentProcessId();
        var commandLine = $"/proc/{parent}/cmdline";
        if (!File.Exists(commandLine) || !IsDotnetRun(await File.ReadAllTextAsync(commandLine, cancellationToken)))
            return false;

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (Native.ParentProcessId() != parent)
                return true;
        }

        return false;
    }
}
