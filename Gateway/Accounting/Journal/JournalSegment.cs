using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// One file of the journal: a header and entries, in the order in which they were written. While it is mapped, entries are written through the mapping:
/// its pages belong to the kernel, so they outlive this process however it dies. Every block is on disk before the file is mapped, so a full disk
/// cannot fault a write.
/// </summary>
internal sealed unsafe class JournalSegment : IDisposable
{
    /// <summary>Bytes before the first entry.</summary>
    public const int HeaderBytes = 64;

    private const string Extension = ".segment";
    private const int PageBytes = 4096;
    private static ReadOnlySpan<byte> Magic => "AGWJRNL1"u8;
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private MemoryMappedFile? file;
    private MemoryMappedViewAccessor? view;
    private byte* start;
    private volatile int head;
    private volatile bool isSealed;
    private int flushed;
    private int touched;

    private JournalSegment(string path, long number, int size)
    {
        Path = path;
        Number = number;
        Size = size;
        head = HeaderBytes;
    }

    /// <summary>Its file.</summary>
    public string Path { get; }

    /// <summary>Its place in the journal; grows by one with each segment and is never used again.</summary>
    public long Number { get; }

    /// <summary>Length of the file.</summary>
    public int Size { get; }

    /// <summary>Where the next entry goes; everything before it is whole. Of a segment of an earlier process: its end.</summary>
    public int Head => head;

    /// <summary>True when nothing will be written to it any more. Read it before <see cref="Head"/>.</summary>
    public bool IsSealed => isSealed;

    /// <summary>Requests that are still running and whose opening lies here. Guarded by the journal's lock.</summary>
    public int OpenCount { get; set; }

    /// <summary>Set by the reader that found bytes in the middle that are no entry; the file is then kept under another name.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Whether entries can be written, or written ones still await a flush.</summary>
    public bool IsMapped => file is not null;

    /// <summary>A segment that an earlier process left.</summary>
    public static JournalSegment Existing(string path, long number) =>
        new(path, number, (int)Math.Min(new FileInfo(path).Length, int.MaxValue)) { head = (int)Math.Min(new FileInfo(path).Length, int.MaxValue), isSealed = true };

    /// <summary>The number in a segment's file name, or null when it is no segment.</summary>
    public static long? NumberOf(string path) =>
        path.EndsWith(Extension, StringComparison.Ordinal)
        && long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Makes an empty segment with all its blocks, and maps it.</summary>
    /// <exception cref="IOException">The disk is full, or the file cannot be made; nothing of it is left behind.</exception>
    public static JournalSegment Create(string folder, long number, int size)
    {
        var segment = new JournalSegment(System.IO.Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension), number, size);
        try
        {
            var handle = File.OpenHandle(segment.Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, size);
            using var stream = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0);
            // Written out and not only set aside: some file systems take a reservation for a hint, and then a full disk would be a fault later.
            for (long at = 0; at < size; at += Zeros.Length) RandomAccess.Write(handle, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, size - at)), at);
            Span<byte> header = stackalloc byte[HeaderBytes];
            header.Clear();
            Magic.CopyTo(header);
            BitConverter.TryWriteBytes(header[8..], number);
            RandomAccess.Write(handle, header, 0);
            // The mapping keeps the file open by itself.
            segment.file = MemoryMappedFile.CreateFromFile(stream, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
            segment.view = segment.file.CreateViewAccessor(0, size, MemoryMappedFileAccess.ReadWrite);
            segment.view.SafeMemoryMappedViewHandle.AcquirePointer(ref segment.start);
            segment.start += segment.view.PointerOffset;
            return segment;
        }
        catch
        {
            segment.Dispose();
            segment.Delete();
            throw;
        }
    }

    /// <summary>Writes an entry at the head. Under the journal's lock, with <paramref name="size"/> bytes known to be free.</summary>
    /// <returns>Where it lies.</returns>
    public int Append(int size, ulong word, uint checksum, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey)
    {
        var at = head;
        JournalEntry.Write(new Span<byte>(start + at, size), word, checksum, record, journey);
        head = at + size;
        return at;
    }

    /// <summary>No entry follows.</summary>
    public void Seal() => isSealed = true;

    /// <summary>Forces to disk what was written since the last time; returns whether there was anything.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool Flush()
    {
        var to = head;
        if (file is null || to == flushed) return false;
        // A view of just that range: flushing the whole mapping would also write the untouched rest of the file.
        var from = flushed & ~(PageBytes - 1);
        using (var range = file.CreateViewAccessor(from, to - from, MemoryMappedFileAccess.ReadWrite)) range.Flush();
        flushed = to;
        return true;
    }

    /// <summary>
    /// Takes the page faults of the next <paramref name="bytes"/> behind the head, and of the page that a flush has just made read-only, so that requests
    /// need not. Adding nothing to a word by an interlocked operation is a write to the kernel and changes nothing, whoever writes there meanwhile.
    /// </summary>
    public void Touch(int bytes)
    {
        if (start is null) return;
        var from = head & ~(PageBytes - 1);
        if (from >= Size) return;
        var to = (int)Math.Min((long)from + PageBytes + bytes, Size);
        Interlocked.Add(ref Unsafe.AsRef<int>(start + from), 0);
        for (var at = Math.Max(touched, from + PageBytes); at < to; at += PageBytes) Interlocked.Add(ref Unsafe.AsRef<int>(start + at), 0);
        touched = Math.Max(touched, to & ~(PageBytes - 1));
    }

    /// <summary>Removes the file; a file that is gone already is fine.</summary>
    public void Delete() => File.Delete(Path);

    /// <summary>Unmaps it. Nobody may be writing.</summary>
    public void Dispose()
    {
        if (start is not null)
        {
            start = null;
            view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        view?.Dispose();
        file?.Dispose();
        view = null;
        file = null;
    }
}
