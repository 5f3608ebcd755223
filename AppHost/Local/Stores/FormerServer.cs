using System.Globalization;

namespace AspireGateway.AppHost.Local.Stores;

/// <summary>
/// The store process of an earlier host that was killed. The kernel has told it to stop, but it may need a moment; two servers on
/// one data folder would ruin it.
/// </summary>
internal static class FormerServer
{
    /// <summary>The process id in the file when that process still runs under the program's name, else null.</summary>
    /// <param name="processIdFile">Its first line is the process id, as in <c>postmaster.pid</c> and Redis' pidfile.</param>
    /// <param name="program">The command name, for example <c>postgres</c>.</param>
    /// <param name="procRoot">Where the system shows its processes.</param>
    public static int? StillRunning(string processIdFile, string program, string procRoot = "/proc")
    {
        try
        {
            if (!File.Exists(processIdFile)
                || !int.TryParse(File.ReadLines(processIdFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
                return null;
            var name = Path.Combine(procRoot, processId.ToString(CultureInfo.InvariantCulture), "comm");
            return File.Exists(name) && File.ReadAllText(name).Trim() == program ? processId : null;
        }
        catch (IOException)
        {
            // It ended while we looked.
            return null;
        }
    }
}
