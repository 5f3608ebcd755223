using System.Globalization;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>The journal's folder: its lock, its segments, and the checkpoint that says how far Postgres has them.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly FileStream held;
    private readonly string checkpointPath;

    private JournalFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
        checkpointPath = System.IO.Path.Combine(path, "checkpoint");
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes the folder if it is missing and locks it for this process; the lock goes with the process, however it ends.</summary>
    /// <exception cref="InvalidOperationException">Another process holds it, or it cannot be written.</exception>
    public static JournalFolder Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
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

    /// <summary>Up to where Postgres has everything; the beginning when there is no readable checkpoint, for shipping twice does no harm.</summary>
    public JournalPosition ReadCheckpoint()
    {
        try
        {
            var parts = File.ReadAllText(checkpointPath).Split(' ');
            return parts is ["v1", var segment, var offset]
                ? new JournalPosition(long.Parse(segment, CultureInfo.InvariantCulture), int.Parse(offset, CultureInfo.InvariantCulture))
                : default;
        }
        catch (Exception e) when (e is IOException or FormatException or OverflowException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>Replaces the checkpoint in one step.</summary>
    /// <exception cref="IOException">The disk refused; the old checkpoint stands.</exception>
    public void WriteCheckpoint(JournalPosition position)
    {
        var next = checkpointPath + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"v1 {position.Segment} {position.Offset}"));
        File.Move(next, checkpointPath, overwrite: true);
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => held.Dispose();
}

/// <summary>A place in the journal.</summary>
/// <param name="Segment">Number of the segment.</param>
/// <param name="Offset">Offset in its file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JournalPosition(long Segment, int Offset);
