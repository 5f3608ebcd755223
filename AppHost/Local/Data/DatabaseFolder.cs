using AspireGateway.AppHost.Local.Start;
using AspireGateway.AppHost.Local.Stores;

namespace AspireGateway.AppHost.Local.Data;

/// <summary>
/// Where the database's files lie. Mostly inside the data folder. A host that runs as root starts Postgres as another user; when that user cannot reach the
/// data folder (a clone below <c>/root</c>), the files lie outside, in a folder named by a random id that a marker in the data folder holds. Without its marker an
/// outside folder is dead, so deleting the data folder is still a factory reset: the next start removes what is left.
/// </summary>
/// <param name="data">The data folder, locked by us.</param>
/// <param name="access">Gives folders to other users.</param>
/// <param name="outsideRoot">The parent of outside folders.</param>
internal sealed class DatabaseFolder(DataFolder data, IFolderAccess access, string outsideRoot = DatabaseFolder.OutsideRoot)
{
    /// <summary>Where outside folders go: durable, and root's to make.</summary>
    public const string OutsideRoot = "/var/lib/aspire-gateway";

    private const string MarkerName = "postgres-outside";
    private const string OwnerName = "belongs-to";

    private string Marker => data.In(MarkerName);

    /// <summary>Finds or makes the folder for the user; null stands for the host's own user.</summary>
    public async Task<Outcome<string>> ResolveAsync(string? runAs, CancellationToken cancellationToken)
    {
        RemoveStale();
        if (File.Exists(Marker))
            return Outside(File.ReadAllText(Marker).Trim());

        var inside = data.In("postgres");
        if (runAs is null)
            return data.Private("postgres");
        if (await access.GiveAsync(runAs, inside, cancellationToken) is { } fault)
            return fault;
        if (await access.CanReachAsync(runAs, inside, cancellationToken))
            return inside;

        Directory.Delete(inside, recursive: true);
        return await MakeOutsideAsync(runAs, cancellationToken);
    }

    /// <summary>Whether a database was made here before.</summary>
    public bool Exists() => File.Exists(Marker) || Directory.Exists(data.In("postgres", "data"));

    private Outcome<string> Outside(string id)
    {
        var folder = Path.Combine(outsideRoot, id);
        if (id.Length == 0 || id != Path.GetFileName(id) || !Directory.Exists(folder))
            return new Fault($"the database of {data.FullPath} should lie in {folder}, which is not there: restore it, or delete {data.FullPath} for a factory reset");

        var owner = File.ReadAllText(Path.Combine(folder, OwnerName)).Trim();
        if (owner != data.FullPath && File.Exists(Path.Combine(owner, MarkerName)))
            return new Fault($"{data.FullPath} is a copy of {owner}, which keeps the database: delete {data.FullPath} to start afresh here");

        File.WriteAllText(Path.Combine(folder, OwnerName), data.FullPath);
        return Path.Combine(folder, "postgres");
    }

    private async Task<Outcome<string>> MakeOutsideAsync(string runAs, CancellationToken cancellationToken)
    {
        const UnixFileMode passThrough = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var id = Guid.CreateVersion7().ToString("n");
        var folder = Path.Combine(outsideRoot, id);
        Directory.CreateDirectory(outsideRoot, passThrough);
        Directory.CreateDirectory(folder, passThrough);
        await File.WriteAllTextAsync(Path.Combine(folder, OwnerName), data.FullPath, cancellationToken);
        var inner = Path.Combine(folder, "postgres");
        if (await access.GiveAsync(runAs, inner, cancellationToken) is { } fault)
            return fault;
        if (!await access.CanReachAsync(runAs, inner, cancellationToken))
            return new Fault($"user {runAs} can reach neither {data.FullPath} nor {folder}: choose a folder that it can enter with --data DIR");
        PrivateFile.Write(Marker, id);
        return inner;
    }

    /// <summary>Removes outside folders that belonged to this data folder before it was deleted.</summary>
    private void RemoveStale()
    {
        if (!Directory.Exists(outsideRoot))
            return;
        var mine = File.Exists(Marker) ? File.ReadAllText(Marker).Trim() : "";
        foreach (var folder in OutsideFolders())
        {
            var owner = Path.Combine(folder, OwnerName);
            var isStale = Path.GetFileName(folder) != mine && File.Exists(owner) && File.ReadAllText(owner).Trim() == data.FullPath;
            // A data folder deleted under a running host: its server still writes there; a later start finds it ended.
            if (isStale && FormerServer.StillRunning(Path.Combine(folder, "postgres", "data", "postmaster.pid"), "postgres") is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private string[] OutsideFolders()
    {
        try
        {
            return Directory.GetDirectories(outsideRoot);
        }
        catch (UnauthorizedAccessException)
        {
            // Made by root; we are not root, so none of them is ours.
            return [];
        }
    }
}
