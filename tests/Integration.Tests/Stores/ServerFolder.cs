using System.Diagnostics;
using System.Globalization;

namespace AspireGateway.Integration.Tests.Stores;

/// <summary>Where a private server keeps its data and listens.</summary>
internal static class ServerFolder
{
    private const string Marker = "agw-test-";

    /// <summary>A new folder that user postgres can reach (also where the clone lies below a folder only root may enter). Sweeps those of test processes that are gone.</summary>
    public static string Create(string kind)
    {
        var parent = Environment.IsPrivilegedProcess ? "/var/tmp" : Path.GetTempPath();
        foreach (var old in Directory.EnumerateDirectories(parent, Marker + "*"))
            if (OwnerIsGone(old)) Delete(old);
        var folder = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Marker}{Environment.ProcessId}-{kind}-{Guid.NewGuid():N}"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Deletes a folder as far as it can be.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A server of another user or one that is still writing: the next run sweeps it.
        }
    }

    /// <summary>A server program: from PATH, or from the given folder, newest version first.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Find(string program, string versionsFolder = "/usr/lib/postgresql")
    {
        IEnumerable<string> folders = [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
            .. Directory.Exists(versionsFolder)
                ? Directory.GetDirectories(versionsFolder).OrderByDescending(v => v, StringComparer.Ordinal).Select(v => Path.Combine(v, "bin"))
                : [],
        ];
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{program} is not installed: apt-get install postgresql redis-server");
    }

    private static bool OwnerIsGone(string folder)
    {
        var owner = Path.GetFileName(folder)[Marker.Length..].Split('-')[0];
        if (!int.TryParse(owner, CultureInfo.InvariantCulture, out var id)) return false;
        try
        {
            using var process = Process.GetProcessById(id);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
