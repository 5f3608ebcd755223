using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using AspireGateway.Gateway.Guardrails.Media.Files;

namespace AspireGateway.Gateway.Guardrails.Media.Location;

/// <summary>The place in a PNG: EXIF in its own chunk, XMP in a text chunk, or either as the hexadecimal text that ImageMagick writes; texts may be packed.</summary>
internal static class PngLocation
{
    // A packed text that is larger than any description of a picture: nobody can say what is in it.
    private const int MostUnpacked = 1024 * 1024, MostPacked = 8, ShortestLine = 20;

    // Private, safe to copy, of no meaning to anybody (W3C PNG 5.4).
    private static ReadOnlySpan<byte> Nothing => "agNo"u8;

    /// <summary>Whether it says where it was taken.</summary>
    public static bool Has(ReadOnlySpan<byte> file)
    {
        var chunks = FileChunks.OfPng(file);
        var packed = 0;
        while (chunks.MoveNext())
            if (IsPlace(chunks.Name, file[chunks.Start..chunks.End], ref packed)) return true;
        return false;
    }

    /// <summary>Takes it out: EXIF keeps all but the place, texts go as a whole.</summary>
    public static void Blank(Span<byte> file)
    {
        var chunks = FileChunks.OfPng(file);
        var packed = 0;
        while (chunks.MoveNext())
        {
            var data = file[chunks.Start..chunks.End];
            if (!IsPlace(chunks.Name, data, ref packed)) continue;
            if (chunks.Name.SequenceEqual("eXIf"u8)) TiffLocation.Blank(data[PictureLocation.TiffOf(data)]);
            else
            {
                Nothing.CopyTo(file[chunks.NameAt..]);
                data.Clear();
            }
            if (chunks.End + 4 <= file.Length) BinaryPrimitives.WriteUInt32BigEndian(file[chunks.End..], PngChecksum.Of(file[chunks.NameAt..chunks.End]));
        }
    }

    // Texts that are packed take time to look into; of a picture with many of them each may hold the place.
    private static bool IsPlace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ref int packed)
    {
        if (name.SequenceEqual("eXIf"u8)) return TiffLocation.Has(data[PictureLocation.TiffOf(data)]);
        var isPacked = name.SequenceEqual("zTXt"u8);
        if (!isPacked && !name.SequenceEqual("tEXt"u8) && !name.SequenceEqual("iTXt"u8)) return false;
        var end = data.IndexOf((byte)0);
        if (end < 0) return false;
        var keyword = data[..end];
        var text = data[(end + 1)..];
        if (keyword.IndexOf("xmp"u8) < 0 && !keyword.StartsWith("Raw profile type"u8)) return false;
        if (name.SequenceEqual("iTXt"u8))
        {
            // A flag, a method, a language and a translated keyword stand before the text.
            if (text.Length < 2) return false;
            isPacked = text[0] != 0;
            text = text[2..];
            for (var i = 0; i < 2; i++) text = text[(text.IndexOf((byte)0) + 1)..];
        }
        else if (isPacked && text.Length > 0)
        {
            text = text[1..];
        }
        return isPacked ? ++packed > MostPacked || IsPlaceWithin(text) : IsPlaceIn(text);
    }

    private static bool IsPlaceWithin(ReadOnlySpan<byte> packed)
    {
        var (input, output) = (ArrayPool<byte>.Shared.Rent(Math.Max(1, packed.Length)), ArrayPool<byte>.Shared.Rent(MostUnpacked + 1));
        try
        {
            packed.CopyTo(input);
            using var stream = new ZLibStream(new MemoryStream(input, 0, packed.Length), CompressionMode.Decompress);
            var length = stream.ReadAtLeast(output.AsSpan(0, MostUnpacked + 1), MostUnpacked + 1, throwOnEndOfStream: false);
            return length > MostUnpacked || IsPlaceIn(output.AsSpan(0, length));
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            // The latter where it asks for a dictionary.
            // Nobody can unpack it, so it tells nobody anything.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input, clearArray: true);
            ArrayPool<byte>.Shared.Return(output, clearArray: true);
        }
    }

    // XMP as it is, or a profile: its name, its length, and lines of hexadecimal digits.
    private static bool IsPlaceIn(ReadOnlySpan<byte> text)
    {
        if (XmpLocation.Has(text)) return true;
        var bytes = ArrayPool<byte>.Shared.Rent((text.Length / 2) + 1);
        try
        {
            var (digits, count) = (0, 0);
            foreach (var c in text)
            {
                var digit = c switch { >= (byte)'0' and <= (byte)'9' => c - '0', >= (byte)'a' and <= (byte)'f' => c - 'a' + 10, >= (byte)'A' and <= (byte)'F' => c - 'A' + 10, _ => -1 };
                if (digit < 0)
                {
                    // A name or a number before them has its own line.
                    if (digits < ShortestLine || c is not ((byte)'\n' or (byte)'\r')) (digits, count) = (0, 0);
                    continue;
                }
                if ((digits & 1) == 0) bytes[count] = (byte)(digit << 4);
                else bytes[count++] |= (byte)digit;
                digits++;
            }
            var profile = bytes.AsSpan(0, count);
            var mark = profile.IndexOf("Exif\0\0"u8);
            return XmpLocation.Has(profile) || (mark >= 0 && TiffLocation.Has(profile[(mark + 6)..]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
