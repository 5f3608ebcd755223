using System.Buffers.Binary;

namespace AspireGateway.Gateway.Guardrails.Media.Files;

/// <summary>Walks the chunks of a PNG (W3C PNG 5.3) or a RIFF file. Each is passed once; one that says that it is longer than the file ends with it.</summary>
internal ref struct FileChunks
{
    private readonly ReadOnlySpan<byte> file;
    private readonly bool isPng;
    private int at;

    private FileChunks(ReadOnlySpan<byte> file, bool isPng)
    {
        this.file = file;
        (this.isPng, at) = (isPng, isPng ? 8 : 12);
    }

    /// <summary>Its four letters.</summary>
    public readonly ReadOnlySpan<byte> Name => file.Slice(NameAt, 4);

    /// <summary>Where its letters stand.</summary>
    public int NameAt { get; private set; }

    /// <summary>First byte of its data.</summary>
    public int Start { get; private set; }

    /// <summary>Behind its last byte.</summary>
    public int End { get; private set; }

    /// <summary>Of a PNG file.</summary>
    public static FileChunks OfPng(ReadOnlySpan<byte> file) => new(file, isPng: true);

    /// <summary>Of a RIFF file.</summary>
    public static FileChunks OfRiff(ReadOnlySpan<byte> file) => new(file, isPng: false);

    /// <summary>Moves on.</summary>
    public bool MoveNext()
    {
        if (at + 8 > file.Length) return false;
        var length = isPng ? BinaryPrimitives.ReadUInt32BigEndian(file[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
        (NameAt, Start) = (isPng ? at + 4 : at, at + 8);
        End = (int)Math.Min(file.Length, Start + (long)length);
        // A checksum follows in a PNG; RIFF fills up to even places.
        at = (int)Math.Min(file.Length, isPng ? End + 4L : End + (length & 1L));
        return true;
    }
}
