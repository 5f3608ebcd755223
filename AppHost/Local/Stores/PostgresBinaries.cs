using System.Globalization;
using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Stores;

/// <summary>The folder with Postgres' server programs, and their major version.</summary>
/// <param name="Folder">Holds <c>initdb</c>, <c>postgres</c>, <c>psql</c> and <c>createdb</c>.</param>
/// <param name="Major">For example 15.</param>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    // Debian keeps server programs out of PATH, one folder a version.
    private const string DebianRoot = "/usr/lib/postgresql";
    private static readonly string[] s_needed = ["initdb", "postgres", "psql", "createdb"];

    /// <summary>The full path of one of the programs.</summary>
    public string Program(string name) => Path.Combine(Folder, name);

    /// <summary>Looks in PATH, then in Debian's folders, newest first.</summary>
    public static IEnumerable<string> Candidates()
    {
        var onPath = Programs.Find("postgres");
        if (onPath is not null)
            yield return Path.GetDirectoryName(File.ResolveLinkTarget(onPath, returnFinalTarget: true)?.FullName ?? onPath)!;
        if (!Directory.Exists(DebianRoot))
            yield break;
        foreach (var version in Directory.EnumerateDirectories(DebianRoot).OrderByDescending(VersionOf))
            yield return Path.Combine(version, "bin");
    }

    /// <summary>Chooses the programs that fit the data; without data the first ones found.</summary>
    /// <param name="candidates">Folders to look in, best first.</param>
    /// <param name="dataFolder">Where the cluster lies or will lie.</param>
    /// <param name="majorOf">Asks a <c>postgres</c> program for its major version.</param>
    public static async Task<Outcome<PostgresBinaries>> ChooseAsync(IEnumerable<string> candidates, string dataFolder, Func<string, Task<int?>> majorOf)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in candidates.Distinct(StringComparer.Ordinal))
        {
            if (s_needed.All(name => File.Exists(Path.Combine(folder, name))) && await majorOf(Path.Combine(folder, "postgres")) is { } major)
                found.Add(new PostgresBinaries(folder, major));
        }

        if (found.Count == 0)
            return new Fault("no Postgres server found: install it (Debian and Ubuntu: apt install postgresql; or ./run.sh as root does it)");
        if (!Directory.Exists(dataFolder))
            return found[0];

        var versionFile = Path.Combine(dataFolder, "PG_VERSION");
        if (!File.Exists(versionFile) || !int.TryParse((await File.ReadAllTextAsync(versionFile)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var made))
            return new Fault($"{dataFolder} holds no Postgres cluster (PG_VERSION is missing): restore it, or delete the data folder for a factory reset");
        if (found.Find(binaries => binaries.Major == made) is { } fitting)
            return fitting;
        return new Fault($"{dataFolder} was made by Postgres {made}, this machine has {string.Join(", ", found.Select(b => b.Major).Distinct())}: install postgresql-{made}, or delete the data folder for a factory reset");
    }

    /// <summary>Reads the major version out of <c>postgres (PostgreSQL) 15.8 (Debian ...)</c>.</summary>
    public static int? ParseMajor(string versionLine)
    {
        var number = versionLine.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsAsciiDigit(word[0]));
        var digits = new string([.. (number ?? "").TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
    }

    private static int VersionOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
