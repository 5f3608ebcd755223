using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.Guardrails.Media.Files;
using AspireGateway.Gateway.Guardrails.Media.Location;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Media;

/// <summary>Pictures that tell where they were taken, and the same without it.</summary>
public sealed partial class PictureLocationTests
{
    private static readonly GuardrailRule Find = MediaWorld.Standard with { MediaLocation = MediaLocations.Find };
    private static readonly GuardrailRule Strip = MediaWorld.Standard with { MediaLocation = MediaLocations.Strip };

    private static readonly Dictionary<string, Func<byte[]>> WithPlace = new()
    {
        ["jpeg exif, big endian"] = () => MediaFiles.JpegExif(),
        ["jpeg exif, little endian"] = () => MediaFiles.JpegExif(big: false),
        ["jpeg xmp, attributes"] = () => MediaFiles.JpegXmp(MediaFiles.Xmp),
        ["jpeg xmp, elements"] = () => MediaFiles.JpegXmp("<x:xmpmeta><exif:GPSLongitude>13,24.3E</exif:GPSLongitude></x:xmpmeta>"),
        ["jpeg xmp, another prefix"] = () => MediaFiles.JpegXmp("<x:xmpmeta><e:GPSLatitude>52,31N</e:GPSLatitude></x:xmpmeta>"),
        ["jpeg xmp, going on in another segment"] = () => MediaFiles.Jpeg(9, 9, [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. Encoding.UTF8.GetBytes(MediaFiles.Xmp)]),
        ["jpeg exif behind other segments"] = () => MediaFiles.Jpeg(9, 9, [.. "other\0"u8, 1], [.. "Exif\0\0"u8, .. MediaFiles.Exif()]),
        ["jpeg, exif twice"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0\0"u8, .. MediaFiles.Exif(place: false)], [.. "Exif\0\0"u8, .. MediaFiles.Exif(big: false)]),
        ["jpeg, both kinds"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0\0"u8, .. MediaFiles.Exif()], [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(MediaFiles.Xmp)]),
        ["jpeg, in the second picture of the file"] = MediaFiles.JpegOfTwo,
        ["jpeg, another fill byte behind the mark"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0"u8, 0xFF, .. MediaFiles.Exif()]),
        ["png exif, big endian"] = () => MediaFiles.Png(9, 9, ("eXIf", MediaFiles.Exif())),
        ["png exif, little endian"] = () => MediaFiles.Png(9, 9, ("eXIf", MediaFiles.Exif(big: false))),
        ["png exif with its mark"] = () => MediaFiles.Png(9, 9, ("eXIf", [.. "Exif\0\0"u8, .. MediaFiles.Exif()])),
        ["png xmp"] = () => MediaFiles.PngXmp(MediaFiles.Xmp),
        ["png xmp, packed"] = () => MediaFiles.PngXmp(MediaFiles.Xmp, isPacked: true),
        ["png raw profile"] = () => MediaFiles.PngRawProfile(isPacked: false),
        ["png raw profile, packed"] = () => MediaFiles.PngRawProfile(),
        ["png, packed to more than anybody writes"] = () => MediaFiles.Png(9, 9, ("zTXt", [.. "Raw profile type xmp\0"u8, 0, .. MediaFiles.Packed(new byte[2_000_000])])),
        ["png, more packed texts than anybody writes"] = () => MediaFiles.Png(9, 9, [.. Enumerable.Repeat(("zTXt", (byte[])[.. "Raw profile type xmp\0"u8, 0, .. MediaFiles.Packed([1])]), 9)]),
        ["webp exif"] = () => MediaFiles.Webp(("EXIF", MediaFiles.Exif())),
        ["webp exif with its mark"] = () => MediaFiles.Webp(("EXIF", [.. "Exif\0\0"u8, .. MediaFiles.Exif(big: false)])),
        ["webp xmp"] = () => MediaFiles.Webp(("XMP ", Encoding.UTF8.GetBytes(MediaFiles.Xmp))),
        ["heic"] = () => MediaFiles.Heic(place: true),
        ["avif"] = () => MediaFiles.Heic(place: true, "avif"),
        ["tiff"] = () => MediaFiles.Exif(),
    };

    private static readonly Dictionary<string, Func<byte[]>> WithoutPlace = new()
    {
        ["jpeg"] = () => MediaFiles.Jpeg(),
        ["jpeg exif, big endian"] = () => MediaFiles.JpegExif(place: false),
        ["jpeg exif, little endian"] = () => MediaFiles.JpegExif(place: false, big: false),
        ["jpeg exif, only a version of GPS"] = () => MediaFiles.JpegExif(place: false, onlyVersion: true),
        ["jpeg exif, only a version of GPS, little endian"] = () => MediaFiles.JpegExif(place: false, big: false, onlyVersion: true),
        ["jpeg xmp"] = () => MediaFiles.JpegXmp(MediaFiles.XmpWithoutPlace),
        ["jpeg with another APP1"] = () => MediaFiles.Jpeg(9, 9, [.. "GPSLatitude\0"u8]),
        ["jpeg with an empty APP1"] = () => MediaFiles.Jpeg(9, 9, []),
        ["jpeg exif without a list"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 0]),
        ["jpeg exif whose list is outside"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0\0MM\0*"u8, 0xFF, 0xFF, 0xFF, 0xF0, 0, 0]),
        ["jpeg exif whose place is outside"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF]),
        ["jpeg exif whose list points to itself"] = () => MediaFiles.Jpeg(9, 9, [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8]),
        ["png"] = () => MediaFiles.Png(),
        ["png exif"] = () => MediaFiles.Png(9, 9, ("eXIf", MediaFiles.Exif(place: false))),
        ["png xmp"] = () => MediaFiles.PngXmp(MediaFiles.XmpWithoutPlace),
        ["png xmp, packed"] = () => MediaFiles.PngXmp(MediaFiles.XmpWithoutPlace, isPacked: true),
        ["png text about a place"] = () => MediaFiles.Png(9, 9, ("tEXt", [.. "Comment\0GPSLatitude is a word"u8])),
        ["png text that does not unpack"] = () => MediaFiles.Png(9, 9, ("zTXt", [.. "Raw profile type exif\0"u8, 0, 1, 2, 3])),
        ["png text that asks for a dictionary"] = () => MediaFiles.Png(9, 9, ("zTXt", [.. "Raw profile type exif\0"u8, 0, 0x78, 0x20, 1, 2, 3, 4, 5, 6, 7, 8])),
        ["webp"] = () => MediaFiles.Webp(),
        ["webp exif"] = () => MediaFiles.Webp(("EXIF", MediaFiles.Exif(place: false))),
        ["webp xmp"] = () => MediaFiles.Webp(("XMP ", Encoding.UTF8.GetBytes(MediaFiles.XmpWithoutPlace))),
        ["gif"] = MediaFiles.Gif,
        ["heic"] = () => MediaFiles.Heic(place: false),
        ["tiff"] = () => MediaFiles.Exif(place: false),
        ["sound"] = MediaFiles.Wav,
        ["document"] = MediaFiles.Pdf,
    };

    public static TheoryData<string> Placed => [.. WithPlace.Keys];

    public static TheoryData<string> Unplaced => [.. WithoutPlace.Keys];

    [Theory]
    [MemberData(nameof(Placed))]
    public void Picture_WithItsPlace_IsFound_AndLosesItInPlace(string name)
    {
        var file = WithPlace[name]();
        Assert.Equal("MEDIA_LOCATION", MediaWorld.LookAtFile(Find, file).Blocked);
        Assert.Null(MediaWorld.LookAtFile(MediaWorld.Standard, file).Blocked);
        Assert.Equal((null, "media;mask;MEDIA_LOCATION=1"), MediaWorld.LookAtFile(Strip, file));

        var (stripped, kind) = ((byte[])file.Clone(), MediaSniffer.Of(file)!);
        PictureLocation.Blank(stripped, kind);
        Assert.False(PictureLocation.Has(stripped, kind));
        Assert.Equal((file.Length, kind), (stripped.Length, MediaSniffer.Of(stripped)));
        Assert.Equal(PixelCount.Of(file, kind), PixelCount.Of(stripped, kind));
        // Degrees, as rationals and as text, are gone from the bytes, not only out of reach.
        Assert.False(Holds(stripped, [0, 0, 0, 52, 0, 0, 0, 1]) || Holds(stripped, [52, 0, 0, 0, 1, 0, 0, 0]) || Holds(stripped, "52,31"u8) || Holds(stripped, "13,24"u8));
    }

    [Theory]
    [MemberData(nameof(Unplaced))]
    public void Picture_WithoutAPlace_IsNotFound_AndStaysAsItIs(string name)
    {
        var file = WithoutPlace[name]();
        Assert.Equal((null, ""), MediaWorld.LookAtFile(Find, file));
        Assert.Equal((null, ""), MediaWorld.LookAtFile(Strip, file));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Exif_WithoutItsPlace_KeepsItsOrientationAndDate(bool big)
    {
        var file = MediaFiles.JpegExif(big: big);
        PictureLocation.Blank(file, MediaSniffer.Of(file)!);
        var exif = file.AsSpan(file.AsSpan().IndexOf("Exif\0\0"u8) + 6);

        Assert.Equal(2, big ? BinaryPrimitives.ReadUInt16BigEndian(exif[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(exif[8..]));
        Assert.Equal((0x0112, 6), big ? (BinaryPrimitives.ReadUInt16BigEndian(exif[10..]), BinaryPrimitives.ReadUInt16BigEndian(exif[18..])) : (BinaryPrimitives.ReadUInt16LittleEndian(exif[10..]), BinaryPrimitives.ReadUInt16LittleEndian(exif[18..])));
        Assert.True(exif[180..].StartsWith("2026:11:30 10:00:00\0"u8));
        Assert.True(exif.Slice(34, 16).IndexOfAnyExcept((byte)0) < 0);
    }

    [Theory]
    [MemberData(nameof(Placed))]
    public void Png_WithoutItsPlace_HasChecksumsThatHold(string name)
    {
        var file = WithPlace[name]();
        if (MediaSniffer.Of(file)!.Type != "image/png") return;
        PictureLocation.Blank(file, MediaSniffer.Of(file)!);
        var at = 8;
        while (at < file.Length)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            Assert.Equal(MediaFiles.Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            at += length + 12;
        }
        Assert.Equal(file.Length, at);
    }

    [Fact]
    public void Body_WithAPlace_LeavesWithoutIt_AndElseByteForByte()
    {
        var (placed, plain) = (MediaFiles.JpegExif(), MediaFiles.Png());
        var body = $$"""
            {"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{Convert.ToBase64String(plain)}}"} },
            {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,{{Convert.ToBase64String(placed)}}"} }, {"type":"text","text":"\u00e9 \/ "}]}],"x":1e3}
            """;
        var stripped = MediaWorld.Strip(body);

        var at = body.IndexOf("data:image/jpeg", StringComparison.Ordinal);
        Assert.Equal(body[..at], stripped[..at]);
        Assert.Equal(body.Length, stripped.Length);
        Assert.Equal(body[body.IndexOf("\"} }, {", StringComparison.Ordinal)..], stripped[stripped.IndexOf("\"} }, {", StringComparison.Ordinal)..]);
        Assert.NotEqual(body, stripped);
        Assert.Equal((null, ""), MediaWorld.Look(Find, stripped));
        Assert.Equal(stripped, MediaWorld.Strip(stripped));
    }

    [Fact]
    public void Base64_InEscapesBlanksAndTheAlphabetOfUrls_IsTheSamePicture()
    {
        var text = Convert.ToBase64String(MediaFiles.JpegExif());
        foreach (var written in new[]
        {
            text.Replace("/", "\\/", StringComparison.Ordinal), text.Replace("+", "\\u002B", StringComparison.Ordinal), text.Replace('+', '-').Replace('/', '_').TrimEnd('='),
            string.Join("\\r\\n", Lines().Matches(text).Select(line => line.Value)), text.Replace("+", "%2B", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal),
        })
        {
            var body = MediaWorld.ChatOf("\\u0064ATA:image/jpeg;base64," + written);
            Assert.Equal("MEDIA_LOCATION", MediaWorld.Look(Find, body).Blocked);
            Assert.Equal((null, ""), MediaWorld.Look(Find, MediaWorld.Strip(body)));
        }
    }

    [Fact]
    public void Place_ThatCannotBeTakenOut_IsFound()
    {
        var escaped = string.Concat(MediaFiles.JpegExif().Select(value => $"%{value:X2}"));
        Assert.Equal("MEDIA_LOCATION", MediaWorld.Look(Strip, MediaWorld.ChatOf("data:image/jpeg," + escaped)).Blocked);
        // More pointers to places than anybody writes.
        byte[] many = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 20, .. Enumerable.Repeat((byte[])[0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0x10, 0], 20).SelectMany(entry => entry)];
        Assert.Equal("MEDIA_LOCATION", MediaWorld.LookAtFile(Strip, MediaFiles.Jpeg(9, 9, many)).Blocked);
        Assert.Equal((null, "media;flag;MEDIA_LOCATION=1"), MediaWorld.LookAtFile(Strip with { Level = GuardrailLevels.Flag }, MediaFiles.JpegExif()));
    }

    private static bool Holds(byte[] file, ReadOnlySpan<byte> what) => file.AsSpan().IndexOf(what) >= 0;

    [GeneratedRegex(".{1,60}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Lines();
}
