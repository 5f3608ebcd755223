namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>The journal's folder: its lock, its segments, and the checkpoint that says how far Postgres has them.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly FileStream held;

    private JournalFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
        Checkpoint = new JournalCheckpoint(System.IO.Path.Combine(path, "checkpoint"));
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Up to where Postgres has everything.</summary>
    public JournalCheckpoint Checkpoint { get; }

    /// <summary>Makes the folder if it is missing and locks it for this process; the lock goes with the process, however it ends.</summary>
    /// <exception cref="InvalidOperationException">Another process holds it, or it cannot be written.</exception>
    public static JournalFolder Take(string path)
    {
        try
        {
            // Who asked what and at which cost is nobody else's business on this machine.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new JournalFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InvalidOperationException($"The usage journal cannot write to {path}. Give this user write access, or set Gateway__DataPath to another folder.", e);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException(
                $"The usage journal cannot take {path}: another gateway uses it, or the disk refuses. Each gateway needs a Gateway__DataPath of its own. ({e.Message})", e);
        }
    }

    /// <summary>The segments that are there, oldest first.</summary>
    public IEnumerable<JournalSegment> Segments() =>
        from file in Directory.EnumerateFiles(Path)
        let number = JournalSegment.NumberOf(file)
        where number is not null
        orderby number
        select JournalSegment.Existing(file, number.Value);

    /// <summary>Frees the lock.</summary>
    public void Dispose()
    {
        Checkpoint.Dispose();
        held.Dispose();
    }
}
