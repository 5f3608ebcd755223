using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AspireGateway.Gateway.Tests.Guardrails.Media;

/// <summary>Files as cameras and programs write them, in as few bytes as tell what they are.</summary>
internal static class MediaFiles
{
    public const string Xmp = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.3E"/></rdf:RDF></x:xmpmeta>""";

    public const string XmpWithoutPlace = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>""";

    /// <summary>EXIF: orientation 6, and the place where there is one. Latitude and longitude are rationals that stand apart.</summary>
    public static byte[] Exif(bool place = true, bool big = true, bool onlyVersion = false)
    {
        var data = new byte[256];
        (big ? "MM\0*"u8 : "II*\0"u8).CopyTo(data);
        U32(4, 8);
        U16(8, (ushort)(place || onlyVersion ? 3 : 2));
        Entry(10, 0x0112, 3, 1, big ? 6u << 16 : 6);
        Entry(22, 0x0132, 2, 20, 180);
        "2026:11:30 10:00:00\0"u8.CopyTo(data.AsSpan(180));
        if (!place && !onlyVersion) return data;
        Entry(34, 0x8825, 4, 1, 60);
        if (onlyVersion)
        {
            U16(60, 1);
            Entry(62, 0, 1, 4, 0x02030000);
            return data;
        }
        U16(60, 4);
        Entry(62, 1, 2, 2, big ? 0x4E000000u : 0x4E);
        Entry(74, 2, 5, 3, 120);
        Entry(86, 3, 2, 2, big ? 0x45000000u : 0x45);
        Entry(98, 4, 5, 3, 144);
        foreach (var (at, value) in new[] { (120, 52u), (128, 31u), (136, 12u), (144, 13u), (152, 24u), (160, 18u) })
        {
            U32(at, value);
            U32(at + 4, 1);
        }
        return data;

        void Entry(int at, ushort tag, ushort type, uint count, uint value)
        {
            U16(at, tag);
            U16(at + 2, type);
            U32(at + 4, count);
            U32(at + 8, value);
        }

        void U16(int at, ushort value)
        {
            if (big) BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(at), value);
            else BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(at), value);
        }

        void U32(int at, uint value)
        {
            if (big) BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(at), value);
            else BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(at), value);
        }
    }

    /// <summary>A JPEG of segments of metadata, a frame header, and a scan.</summary>
    public static byte[] Jpeg(int width = 640, int height = 480, params byte[][] metadata) =>
    [
        0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]), .. metadata.SelectMany(data => Segment(0xE1, data)),
        .. Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]), .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 1, 2, 0xFF, 0x00, 3, 0xFF, 0xD3, 4, 0xFF, 0xD9,
    ];

    public static byte[] JpegExif(bool place = true, bool big = true, bool onlyVersion = false) => Jpeg(640, 480, [.. "Exif\0\0"u8, .. Exif(place, big, onlyVersion)]);

    public static byte[] JpegXmp(string xmp) => Jpeg(640, 480, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(xmp)]);

    /// <summary>Two pictures in one file, as phones write them; only the second has a place.</summary>
    public static byte[] JpegOfTwo() => [.. Jpeg(), .. JpegExif()];

    public static byte[] Png(uint width = 640, uint height = 480, params (string Name, byte[] Data)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", [1, 2, 3]), .. chunks.SelectMany(c => Chunk(c.Name, c.Data)), .. Chunk("IEND", [])];
    }

    public static byte[] PngXmp(string xmp, bool isPacked = false) =>
        Png(640, 480, ("iTXt", [.. "XML:com.adobe.xmp\0"u8, (byte)(isPacked ? 1 : 0), 0, 0, 0, .. isPacked ? Packed(Encoding.UTF8.GetBytes(xmp)) : Encoding.UTF8.GetBytes(xmp)]));

    /// <summary>EXIF as ImageMagick writes it: hexadecimal digits in lines, packed.</summary>
    public static byte[] PngRawProfile(bool isPacked = true)
    {
        byte[] profile = [.. "Exif\0\0"u8, .. Exif()];
        var digits = string.Join('\n', Convert.ToHexStringLower(profile).Chunk(72).Select(line => new string(line)));
        var text = Encoding.Latin1.GetBytes($"\nexif\n     {profile.Length}\n{digits}\n");
        return isPacked ? Png(640, 480, ("zTXt", [.. "Raw profile type exif\0"u8, 0, .. Packed(text)])) : Png(640, 480, ("tEXt", [.. "Raw profile type exif\0"u8, .. text]));
    }

    public static byte[] Webp(params (string Name, byte[] Data)[] chunks)
    {
        // A canvas of 640 x 480.
        byte[] content = [.. "WEBP"u8, .. Riff("VP8X", [0x0C, 0, 0, 0, 0x7F, 0x02, 0, 0xDF, 0x01, 0]), .. chunks.SelectMany(c => Riff(c.Name, c.Data))];
        return Riff("RIFF", content);
    }

    public static byte[] WebpLossy() => Riff("RIFF", [.. "WEBP"u8, .. Riff("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01])]);

    // 639 and 479 in 14 bits each.
    public static byte[] WebpLossless() => Riff("RIFF", [.. "WEBP"u8, .. Riff("VP8L", [0x2F, 0x7F, 0xC2, 0x77, 0])]);

    public static byte[] Gif() => [.. "GIF89a"u8, 0x80, 0x02, 0xE0, 0x01, 0, 0, 0, 0x3B];

    public static byte[] Bmp() => [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0x80, 0x02, 0, 0, 0xE0, 0x01, 0, 0, 1, 0, 24, 0];

    public static byte[] Heic(bool place, string brand = "heic") =>
    [
        .. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0, .. "mif1"u8]), .. Box("meta", [0, 0, 0, 0, .. Box("iprp", Box("ispe", [0, 0, 0, 0, 0, 0, 2, 0x80, 0, 0, 1, 0xE0]))]),
        .. Box("mdat", [0, 0, 0, 6, .. "Exif\0\0"u8, .. Exif(place)]),
    ];

    public static byte[] Wav() => [.. "RIFF"u8, 40, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0, .. "data"u8, 4, 0, 0, 0, 0, 0, 1, 0];

    public static byte[] Iso(string brand) => Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 2, 0, .. "isom"u8]);

    public static byte[] Pdf() => [.. "%PDF-1.7\n%"u8, 0xE2, 0xE3, 0xCF, 0xD3, .. "\n1 0 obj\n"u8];

    public static byte[] Packed(byte[] data)
    {
        using var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.Fastest)) zlib.Write(data);
        return to.ToArray();
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, (uint)data.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(named));
        return chunk;
    }

    // Bit by bit, as the specification has it: not the gateway's own.
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFF;
        foreach (var value in data)
        {
            crc ^= value;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return crc ^ 0xFFFFFFFF;
    }

    private static byte[] Riff(string name, byte[] data)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)data.Length);
        return [.. Encoding.ASCII.GetBytes(name), .. size, .. data, .. new byte[data.Length & 1]];
    }

    private static byte[] Box(string name, byte[] data)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(size, (uint)(data.Length + 8));
        return [.. size, .. Encoding.ASCII.GetBytes(name), .. data];
    }
}
