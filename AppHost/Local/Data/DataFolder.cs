using System.Globalization;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Data;

/// <summary>
/// The folder that holds everything the local host writes. It is held by one host at a time, by a lock that the kernel drops with the process.
/// Deleting the folder is a factory reset.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string SolutionName = "AspireGateway.sln";
    private const string LockName = "lock";
    private const string HolderName = "host.pid";
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        FullPath = path;
        _lock = held;
    }

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The folder that holds the solution, looked for upwards.</summary>
    public static string? FindRoot(string startFolder)
    {
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, SolutionName)))
                return folder.FullName;
        }

        return null;
    }

    /// <summary>Makes the folder where it is missing, and takes its lock.</summary>
    public static Outcome<DataFolder> Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            // Others may pass through (the database's own user has to), but not look around.
            if (!Directory.Exists(path))
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            return new DataFolder(path, TakeLock(Path.Combine(path, LockName)));
        }
        catch (UnauthorizedAccessException)
        {
            return new Fault($"the data folder {path} is not writable for {Environment.UserName}: correct its owner, or choose another with --data DIR");
        }
        catch (IOException e)
        {
            return HolderOf(path) is { } holder
                ? new Fault($"another host (process {holder}) already runs on {path}: stop it, or choose another folder and ports with --data DIR --port-base N")
                : new Fault($"the data folder {path} cannot be used ({e.Message}): repair it, or choose another with --data DIR");
        }
    }

    /// <summary>A path inside the folder.</summary>
    public string In(params ReadOnlySpan<string> parts) => Path.Combine([FullPath, .. parts]);

    /// <summary>Makes a folder inside, readable for the owner alone, and returns its path.</summary>
    public string Private(params ReadOnlySpan<string> parts)
    {
        var path = In(parts);
        Directory.CreateDirectory(path, OwnerOnly);
        return path;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        File.Delete(In(HolderName));
        _lock.Dispose();
    }

    private static FileStream TakeLock(string path)
    {
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        PrivateFile.Write(Path.Combine(Path.GetDirectoryName(path)!, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return stream;
    }

    /// <summary>The process that holds the folder; null when there is none, so that the lock is not the trouble.</summary>
    private static string? HolderOf(string folder)
    {
        var path = Path.Combine(folder, HolderName);
        return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } holder && Directory.Exists($"/proc/{holder}") ? holder : null;
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
}
