using System.Buffers.Binary;

namespace AspireGateway.Gateway.Guardrails.Media.Files;

/// <summary>Walks the segments of a JPEG file (ITU-T T.81 B.1), those behind the first picture too, where cameras put more. Each byte is passed once.</summary>
internal ref struct JpegSegments(ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> file = file;
    private int at;

    /// <summary>The marker's second byte.</summary>
    public byte Marker { get; private set; }

    /// <summary>First byte of its data.</summary>
    public int Start { get; private set; }

    /// <summary>Behind its last byte; the file's end where it says that it is longer.</summary>
    public int End { get; private set; }

    /// <summary>Moves on.</summary>
    public bool MoveNext()
    {
        while (at < file.Length)
        {
            // What stands before the next marker is the picture itself.
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0) break;
            at += next + 1;
            while (at < file.Length && file[at] == 0xFF) at++;
            if (at >= file.Length) break;
            Marker = file[at++];
            // Stuffing, restarts, begin and end have no data.
            if (Marker is 0 or 1 or (>= 0xD0 and <= 0xD9)) continue;
            if (at + 2 > file.Length) break;
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2) continue;
            (Start, End) = (at + 2, Math.Min(at + length, file.Length));
            at = End;
            return true;
        }
        at = file.Length;
        return false;
    }
}
