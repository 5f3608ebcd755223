using System.Globalization;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>The process that listens on a port, as <c>/proc</c> tells it.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Name">Its command name.</param>
internal sealed record PortHolder(int ProcessId, string Name)
{
    private const string ListenState = "0A";

    /// <summary>Finds the listener; null where there is no <c>/proc</c> or it shows nothing to this user.</summary>
    public static PortHolder? Find(string procRoot, int port)
    {
        var inodes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in new[] { "net/tcp", "net/tcp6" })
        {
            var path = Path.Combine(procRoot, table);
            if (File.Exists(path))
                inodes.UnionWith(ListeningInodes(File.ReadAllLines(path), port));
        }

        return inodes.Count == 0 ? null : Owner(procRoot, inodes);
    }

    /// <summary>Picks the socket inodes that listen on the port out of a table in the format of <c>/proc/net/tcp</c>.</summary>
    public static IEnumerable<string> ListeningInodes(IEnumerable<string> lines, int port)
    {
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || fields[3] != ListenState)
                continue;
            var colon = fields[1].LastIndexOf(':');
            if (int.TryParse(fields[1].AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var local) && local == port)
                yield return fields[9];
        }
    }

    private static PortHolder? Owner(string procRoot, HashSet<string> inodes)
    {
        foreach (var folder in Directory.EnumerateDirectories(procRoot))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
                continue;
            try
            {
                foreach (var descriptor in Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")))
                {
                    var target = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name;
                    if (target is ['s', 'o', 'c', 'k', 'e', 't', ':', '[', .. var inode, ']'] && inodes.Contains(inode))
                        return new PortHolder(processId, File.ReadAllText(Path.Combine(folder, "comm")).Trim());
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process ended meanwhile, or belongs to someone else: not ours to name.
            }
        }

        return null;
    }
}
