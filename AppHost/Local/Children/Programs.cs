namespace AspireGateway.AppHost.Local.Children;

/// <summary>Finds programs on this machine.</summary>
internal static class Programs
{
    // A service manager or a root shell may leave these out of PATH.
    private static readonly string[] s_usual = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/opt/homebrew/bin"];

    /// <summary>The full path of a program, or null when it is not installed.</summary>
    public static string? Find(string name) => Find(name, SearchPath());

    /// <summary>The first of the folders that holds the program.</summary>
    public static string? Find(string name, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The folders of PATH, then the usual ones.</summary>
    public static IEnumerable<string> SearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(s_usual);
}
