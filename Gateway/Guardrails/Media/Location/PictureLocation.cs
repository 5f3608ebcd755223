using AspireGateway.Gateway.Guardrails.Media.Files;

namespace AspireGateway.Gateway.Guardrails.Media.Location;

/// <summary>Whether a picture's metadata say where it was taken, and the way to take that out. Changes are made in place, so that nothing else in the file moves.</summary>
internal static class PictureLocation
{
    // Signatures of EXIF within a file that is not walked box by box; no picture has as many.
    private const int MostSearched = 16;

    private static ReadOnlySpan<byte> ExifMark => "Exif\0\0"u8;

    /// <summary>Whether it does.</summary>
    public static bool Has(ReadOnlySpan<byte> file, MediaKind kind) => kind.Type switch
    {
        "image/jpeg" => HasJpeg(file),
        "image/png" => PngLocation.Has(file),
        "image/webp" => HasWebp(file),
        "image/tiff" => TiffLocation.Has(file) || XmpLocation.Has(file),
        "image/heic" or "image/avif" => HasIso(file),
        _ => false,
    };

    /// <summary>Takes it out where that is possible; <see cref="Has"/> tells whether it was.</summary>
    public static void Blank(Span<byte> file, MediaKind kind)
    {
        switch (kind.Type)
        {
            case "image/jpeg":
                BlankJpeg(file);
                break;
            case "image/png":
                PngLocation.Blank(file);
                break;
            case "image/webp":
                BlankWebp(file);
                break;
            case "image/tiff":
                TiffLocation.Blank(file);
                break;
            case "image/heic" or "image/avif":
                BlankIso(file);
                break;
        }
    }

    /// <summary>The TIFF structure of EXIF data with or without their mark.</summary>
    public static Range TiffOf(ReadOnlySpan<byte> exif) => exif.StartsWith(ExifMark) ? ExifMark.Length..exif.Length : ..exif.Length;

    private static bool HasJpeg(ReadOnlySpan<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
        {
            if (segments.Marker != 0xE1) continue;
            var data = file[segments.Start..segments.End];
            if (data.StartsWith("Exif\0"u8) && data.Length > ExifMark.Length ? TiffLocation.Has(data[ExifMark.Length..]) : data.StartsWith(XmpLocation.JpegMark) && XmpLocation.Has(data)) return true;
        }
        return false;
    }

    private static void BlankJpeg(Span<byte> file)
    {
        var segments = new JpegSegments(file);
        while (segments.MoveNext())
        {
            if (segments.Marker != 0xE1) continue;
            var data = file[segments.Start..segments.End];
            if (data.StartsWith("Exif\0"u8) && data.Length > ExifMark.Length) TiffLocation.Blank(data[ExifMark.Length..]);
            // Without its mark it is a segment that nobody reads.
            else if (data.StartsWith(XmpLocation.JpegMark) && XmpLocation.Has(data)) data.Clear();
        }
    }

    private static bool HasWebp(ReadOnlySpan<byte> file)
    {
        var chunks = FileChunks.OfRiff(file);
        while (chunks.MoveNext())
        {
            var data = file[chunks.Start..chunks.End];
            if (chunks.Name.SequenceEqual("EXIF"u8) ? TiffLocation.Has(data[TiffOf(data)]) : chunks.Name.SequenceEqual("XMP "u8) && XmpLocation.Has(data)) return true;
        }
        return false;
    }

    private static void BlankWebp(Span<byte> file)
    {
        var chunks = FileChunks.OfRiff(file);
        while (chunks.MoveNext())
        {
            var data = file[chunks.Start..chunks.End];
            if (chunks.Name.SequenceEqual("EXIF"u8)) TiffLocation.Blank(data[TiffOf(data)]);
            else if (chunks.Name.SequenceEqual("XMP "u8) && XmpLocation.Has(data)) data.Fill((byte)' ');
        }
    }

    // HEIC and AVIF keep EXIF as an item of the file, with its mark before it; where exactly says a table that is longer than this search.
    private static bool HasIso(ReadOnlySpan<byte> file)
    {
        if (XmpLocation.Has(file)) return true;
        var (at, searched) = (0, 0);
        while (NextExif(file, ref at))
            if (++searched > MostSearched || TiffLocation.Has(file[at..])) return true;
        return false;
    }

    private static void BlankIso(Span<byte> file)
    {
        var at = 0;
        for (var searched = 0; searched < MostSearched && NextExif(file, ref at); searched++) TiffLocation.Blank(file[at..]);
    }

    private static bool NextExif(ReadOnlySpan<byte> file, ref int at)
    {
        var next = file[at..].IndexOf(ExifMark);
        if (next < 0) return false;
        at += next + ExifMark.Length;
        return true;
    }
}
