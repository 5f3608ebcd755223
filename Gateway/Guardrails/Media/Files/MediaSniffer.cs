using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace AspireGateway.Gateway.Guardrails.Media.Files;

/// <summary>Tells what a file is by its first bytes, whatever it is called (signatures of the formats' own specifications).</summary>
internal static class MediaSniffer
{
    // A file that is text for so long is text.
    private const int MaxText = 4_096;

    private static readonly SearchValues<byte> NoText = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not (9 or 10 or 12 or 13 or 27)).Select(c => (byte)c), 127]);

    private static readonly MediaKind
        Png = new("image/png"), Jpeg = new("image/jpeg"), Gif = new("image/gif"), Webp = new("image/webp"), Bmp = new("image/bmp"), Tiff = new("image/tiff"), Heic = new("image/heic"), Avif = new("image/avif"),
        Svg = new("image/svg+xml"), Wav = new("audio/wav"), Mpeg = new("audio/mpeg"), Flac = new("audio/flac"), Ogg = new("audio/ogg", "video/ogg"), Aac = new("audio/aac"), M4a = new("audio/mp4", "video/mp4"),
        Mp4 = new("video/mp4", "audio/mp4", "video/quicktime"), QuickTime = new("video/quicktime", "video/mp4", "audio/mp4"), Webm = new("video/webm", "audio/webm"), Aiff = new("audio/aiff"), Amr = new("audio/amr"),
        Avi = new("video/x-msvideo"), Pdf = new("application/pdf"), Zip = new("application/zip"), Gzip = new("application/gzip"), Ole = new("application/x-ole-storage"), Executable = new("application/x-executable"),
        Text = new("text/plain");

    /// <summary>What it is; null = nothing that is known.</summary>
    public static MediaKind? Of(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4) return TextOf(file);
        return BinaryPrimitives.ReadUInt32BigEndian(file) switch
        {
            0x89504E47 => Starts(file, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? Png : null,
            0x47494638 => Starts(file, "GIF87a"u8) || Starts(file, "GIF89a"u8) ? Gif : TextOf(file),
            0x52494646 => Riff(file),
            0x49492A00 or 0x4D4D002A or 0x49492B00 or 0x4D4D002B => Tiff,
            0x664C6143 => Flac,
            0x4F676753 => Ogg,
            0x1A45DFA3 => Webm,
            0x464F524D when At(file, 8, "AIFF"u8) || At(file, 8, "AIFC"u8) => Aiff,
            0x2321414D when Starts(file, "#!AMR"u8) => Amr,
            0x25504446 when Starts(file, "%PDF-"u8) => Pdf,
            0x504B0304 or 0x504B0506 => Zip,
            0xD0CF11E0 => Ole,
            0x7F454C46 or 0xFEEDFACE or 0xFEEDFACF or 0xCFFAEDFE or 0xCEFAEDFE or 0xCAFEBABE => Executable,
            _ when At(file, 4, "ftyp"u8) => Iso(file),
            _ => Other(file),
        };
    }

    private static MediaKind? Other(ReadOnlySpan<byte> file)
    {
        if (Starts(file, [0xFF, 0xD8, 0xFF])) return Jpeg;
        if (Starts(file, "ID3"u8)) return Mpeg;
        if (Starts(file, [0x1F, 0x8B])) return Gzip;
        if (Starts(file, "MZ"u8) && !IsText(file)) return Executable;
        // Of a BMP the size stands behind its two letters, and zeros behind that.
        if (Starts(file, "BM"u8) && file.Length >= 26 && file[6..10].IndexOfAnyExcept((byte)0) < 0) return Bmp;
        if (file[0] == 0xFF && (file[1] & 0xE0) == 0xE0) return Frame(file[1], file[2]);
        return TextOf(file);
    }

    // An MPEG audio frame's header: layer 0 is ADTS; a reserved version, bit rate or sampling rate is none.
    private static MediaKind? Frame(byte second, byte third) =>
        (second & 0xF6) == 0xF0 ? Aac : (second & 0x18) != 0x08 && (second & 0x06) != 0 && (third & 0xF0) != 0xF0 && (third & 0x0C) != 0x0C ? Mpeg : null;

    private static MediaKind? Riff(ReadOnlySpan<byte> file) => At(file, 8, "WEBP"u8) ? Webp : At(file, 8, "WAVE"u8) ? Wav : At(file, 8, "AVI "u8) ? Avi : TextOf(file);

    private static MediaKind? Iso(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12) return null;
        var brand = file[8..12];
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return Avif;
        if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8)) return Heic;
        // A general brand of pictures: what kind they are stands among the compatible brands.
        if (brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8))
            return file[..(int)Math.Min(file.Length, Math.Max(12, BinaryPrimitives.ReadUInt32BigEndian(file)))].IndexOf("avif"u8) >= 0 ? Avif : Heic;
        if (brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8)) return M4a;
        return brand.SequenceEqual("qt  "u8) ? QuickTime : Mp4;
    }

    private static MediaKind? TextOf(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty || !IsText(file)) return null;
        return file[..Math.Min(file.Length, MaxText)].IndexOf("<svg"u8) >= 0 && file.TrimStart(" \t\r\n\uFEFF"u8)[0] == '<' ? Svg : Text;
    }

    private static bool IsText(ReadOnlySpan<byte> file)
    {
        if (file.IndexOfAny(NoText) >= 0) return false;
        return Utf8.IsValid(file);
    }

    private static bool Starts(ReadOnlySpan<byte> file, ReadOnlySpan<byte> mark) => file.StartsWith(mark);

    private static bool At(ReadOnlySpan<byte> file, int place, ReadOnlySpan<byte> mark) => file.Length >= place + mark.Length && file[place..].StartsWith(mark);
}
