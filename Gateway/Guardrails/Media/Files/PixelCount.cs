using System.Buffers.Binary;

namespace AspireGateway.Gateway.Guardrails.Media.Files;

/// <summary>How many pixels a picture has by its headers; nothing is unpacked. Where a file says several sizes, the largest counts.</summary>
internal static class PixelCount
{
    // Sizes of the parts of a HEIC or AVIF picture; no file has as many.
    private const int MostBoxes = 256;

    /// <summary>Width times height; null = the headers do not say, or the kind is not known here.</summary>
    public static long? Of(ReadOnlySpan<byte> file, MediaKind kind) => kind.Type switch
    {
        "image/png" => file.Length >= 24 && file[12..].StartsWith("IHDR"u8) ? Area(BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..])) : null,
        "image/gif" => file.Length >= 10 ? Area(BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..])) : null,
        "image/bmp" => file.Length >= 26 ? Area((uint)Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[18..])), (uint)Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..]))) : null,
        "image/jpeg" => OfJpeg(file),
        "image/webp" => OfWebp(file),
        "image/heic" or "image/avif" => OfIso(file),
        _ => null,
    };

    private static long? OfJpeg(ReadOnlySpan<byte> file)
    {
        long? most = null;
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
        {
            // Frame headers (B.2.2): all of C0 to CF but the tables of Huffman codes, of arithmetic coding, and JPG.
            if (segments.Marker is not (>= 0xC0 and <= 0xCF) || segments.Marker is 0xC4 or 0xC8 or 0xCC || segments.End - segments.Start < 5) continue;
            var frame = file[segments.Start..];
            most = Most(most, Area(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), mayBeZero: true));
        }
        return most;
    }

    // RFC 9649: the canvas of VP8X, or the picture's own header.
    private static long? OfWebp(ReadOnlySpan<byte> file)
    {
        long? most = null;
        var chunks = FileChunks.OfRiff(file);
        while (chunks.MoveNext())
        {
            var data = file[chunks.Start..chunks.End];
            if (chunks.Name.SequenceEqual("VP8X"u8) && data.Length >= 10) most = Most(most, Area(UInt24(data[4..]) + 1, UInt24(data[7..]) + 1));
            else if (chunks.Name.SequenceEqual("VP8 "u8) && data.Length >= 10 && data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
                most = Most(most, Area((uint)(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF), (uint)(BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)));
            else if (chunks.Name.SequenceEqual("VP8L"u8) && data.Length >= 5 && data[0] == 0x2F && BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) is var bits)
                most = Most(most, Area((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1));
        }
        return most;
    }

    // ISO/IEC 23008-12 6.5.3: each picture's size stands in an ispe box.
    private static long? OfIso(ReadOnlySpan<byte> file)
    {
        long? most = null;
        for (var boxes = 0; boxes < MostBoxes && file.IndexOf("ispe"u8) is >= 0 and var at; boxes++)
        {
            file = file[(at + 4)..];
            if (file.Length < 12) break;
            most = Most(most, Area(BinaryPrimitives.ReadUInt32BigEndian(file[4..]), BinaryPrimitives.ReadUInt32BigEndian(file[8..])));
        }
        return most;
    }

    // No picture has a side of nothing; a JPEG may say its height later, and then nobody knows it.
    private static long? Area(uint width, uint height, bool mayBeZero = false) => width == 0 || height == 0 ? (mayBeZero ? long.MaxValue : null) : (long)Math.Min((ulong)width * height, long.MaxValue);

    private static long? Most(long? one, long? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);

    private static uint UInt24(ReadOnlySpan<byte> data) => (uint)(data[0] | (data[1] << 8) | (data[2] << 16));
}
