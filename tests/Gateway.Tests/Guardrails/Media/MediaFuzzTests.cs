using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Media.Files;
using AspireGateway.Gateway.Guardrails.Media.Location;
using AspireGateway.Gateway.Tests.Anthropic;
using AspireGateway.Shared.Domain.Guardrails;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.Media;

/// <summary>Whatever a file holds: nothing throws, what is taken out is gone or said to be there, and the way it was written down makes no difference.</summary>
public sealed class MediaFuzzTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(10_000);

    private static readonly byte[][] Files =
    [
        MediaFiles.JpegExif(), MediaFiles.JpegExif(big: false), MediaFiles.JpegXmp(MediaFiles.Xmp), MediaFiles.JpegOfTwo(), MediaFiles.Png(9, 9, ("eXIf", MediaFiles.Exif())), MediaFiles.PngXmp(MediaFiles.Xmp),
        MediaFiles.PngXmp(MediaFiles.Xmp, isPacked: true), MediaFiles.PngRawProfile(), MediaFiles.Webp(("EXIF", MediaFiles.Exif()), ("XMP ", MediaFiles.Exif())), MediaFiles.WebpLossless(), MediaFiles.WebpLossy(),
        MediaFiles.Heic(place: true), MediaFiles.Exif(), MediaFiles.Exif(big: false), MediaFiles.Gif(), MediaFiles.Bmp(), MediaFiles.Wav(), MediaFiles.Pdf(),
    ];

    private static readonly GuardrailRule Everything = MediaWorld.Standard with
    {
        Level = GuardrailLevels.Strict, MaxMediaKb = 1, MaxPixels = 1000, MediaTypes = ["image/*"], MediaLocation = MediaLocations.Strip, AllowRemote = false,
    };

    [Fact]
    public void Files_Damaged_NeverThrow_AndLoseTheirPlaceOrAreFound() =>
        Check.One(Cases, Prop.ForAll(Mutation.Of(Files).ToArbitrary(), bytes =>
        {
            // A guardrail that throws has failed, and the helper would say so.
            MediaWorld.LookAtFile(Everything, bytes);
            if (MediaSniffer.Of(bytes) is not { } kind) return true;
            var file = (byte[])bytes.Clone();
            PictureLocation.Blank(file, kind);
            return file.Length == bytes.Length && (PictureLocation.Has(bytes, kind) || file.AsSpan().SequenceEqual(bytes));
        }));

    [Fact]
    public void Files_CutAnywhere_NeverThrow()
    {
        foreach (var file in Files)
            for (var length = 0; length < file.Length; length++)
                MediaWorld.LookAtFile(Everything, file[..length]);
    }

    [Fact]
    public void Noise_BehindAnySignature_NeverThrows() =>
        Check.One(Cases, Prop.ForAll(
            (from file in Gen.Elements(Files) from keep in Gen.Choose(0, 40) from noise in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf() select (byte[])[.. file.Take(keep), .. noise]).ToArbitrary(),
            bytes =>
            {
                MediaWorld.LookAtFile(Everything, bytes);
                return true;
            }));

    [Fact]
    public void Base64_WrittenInAnyWay_IsTheSameFile() =>
        Check.One(Cases.WithMaxTest(2_000), Prop.ForAll(
            (from file in Gen.Elements(Files) from length in Gen.Choose(1, file.Length) from ways in Gen.Choose(0, 9).ArrayOf(40) select (File: file[..length], Ways: ways)).ToArbitrary(),
            written =>
            {
                var text = string.Concat(Convert.ToBase64String(written.File).Select((c, at) => written.Ways[at % 40] switch
                {
                    0 => $"\\u{(int)c:x4}",
                    1 => c + "\\n",
                    2 => " " + c,
                    3 when c == '/' => "\\/",
                    4 when c == '+' => "-",
                    _ => c.ToString(),
                }));
                var media = MediaWorld.Read($$"""{"source":{"type":"base64","data":"{{text}}"} }""");
                using var bytes = MediaBytes.Read(media.Body, media.Items[0]);
                return bytes is not null && bytes.Memory.Span.SequenceEqual(written.File);
            }));

    [Fact]
    public void Texts_OfAnyKind_AreBase64OrUnreadable() =>
        Check.One(Cases, Prop.ForAll(ArbMap.Default.GeneratorFor<string>().ToArbitrary(), text =>
        {
            var body = System.Text.Json.JsonSerializer.Serialize(new { source = new { type = "base64", data = "data:" + text } });
            MediaWorld.Look(Everything, body);
            MediaWorld.Strip(body);
            return true;
        }));
}
