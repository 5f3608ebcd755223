using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Media;

/// <summary>What the guardrail finds in which file, by table.</summary>
public sealed class MediaGuardrailTests
{
    private static readonly byte[] Text = "plain words"u8.ToArray();

    // Files that are what they say.
    public static TheoryData<string, string> Honest => new(
        ("png", "image/png"), ("jpeg", "image/jpeg"), ("jpeg", "image/jpg"), ("jpeg", "image/pjpeg"), ("gif", "image/gif"), ("webp", "image/webp"), ("bmp", "image/bmp"), ("heic", "image/heic"), ("heic", "image/heif"),
        ("avif", "image/avif"), ("tiff", "image/tiff"), ("wav", "audio/wav"), ("wav", "audio/x-wav"), ("mp3", "audio/mpeg"), ("mp3", "audio/mp3"), ("id3", "audio/mpeg"), ("aac", "audio/aac"), ("flac", "audio/flac"),
        ("ogg", "audio/ogg"), ("ogg", "audio/opus"), ("m4a", "audio/m4a"), ("m4a", "audio/mp4"), ("mp4", "audio/mp4"), ("mp4", "video/mp4"), ("webm", "audio/webm"), ("webm", "video/webm"), ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), ("docx", "application/java-archive"), ("doc", "application/msword"), ("text", "text/plain"), ("text", "text/csv"),
        ("text", "application/json"), ("svg", "image/svg+xml"), ("svg", "text/xml"), ("png", "application/octet-stream"), ("png", ""), ("PNG", "IMAGE/PNG; charset=binary"), ("noise", "audio/pcm"), ("noise", "application/x-own"));

    // Files that are not.
    public static TheoryData<string, string> Lying => new(
        ("png", "image/jpeg"), ("jpeg", "image/png"), ("gif", "image/webp"), ("webp", "image/gif"), ("exe", "image/png"), ("exe", "text/plain"), ("elf", "application/pdf"), ("pdf", "image/jpeg"), ("text", "image/png"),
        ("text", "application/pdf"), ("docx", "application/pdf"), ("docx", "image/png"), ("wav", "audio/mpeg"), ("mp3", "audio/wav"), ("aac", "audio/mpeg"), ("mp4", "image/heic"), ("heic", "image/jpeg"), ("svg", "image/png"),
        ("noise", "image/png"), ("noise", "audio/wav"), ("png", "text/plain"), ("exe", "application/x-own"), ("cut", "image/png"));

    [Theory]
    [MemberData(nameof(Honest))]
    public void File_ThatIsWhatItSays_IsNoFinding(string file, string declared) => Assert.Null(MediaWorld.LookAtFile(MediaWorld.Standard, Of(file), declared).Blocked);

    [Theory]
    [MemberData(nameof(Lying))]
    public void File_ThatIsSomethingElse_IsAMismatch(string file, string declared)
    {
        Assert.Equal("MEDIA_MISMATCH", MediaWorld.LookAtFile(MediaWorld.Standard, Of(file), declared).Blocked);
        Assert.Equal("MEDIA_MISMATCH", MediaWorld.Look(MediaWorld.Standard, MediaWorld.Chat(Of(file), declared)).Blocked);
    }

    [Theory]
    [InlineData("png", "image/*", true)]
    [InlineData("png", "image/png", true)]
    [InlineData("png", "image/jpeg,audio/*", false)]
    [InlineData("svg", "image/*", true)]
    [InlineData("mp4", "audio/*", true)]
    [InlineData("mp4", "video/mp4", true)]
    [InlineData("mp4", "image/*", false)]
    [InlineData("wav", "audio/*", true)]
    [InlineData("pdf", "application/pdf", true)]
    [InlineData("exe", "application/pdf,image/*", false)]
    [InlineData("text", "text/*", true)]
    [InlineData("noise", "image/*,audio/*,video/*,text/*", false)]
    public void Types_ThatAreListed_AlonePass(string file, string types, bool passes) =>
        Assert.Equal(passes ? null : "MEDIA_TYPE", MediaWorld.LookAtFile(MediaWorld.Standard with { MediaTypes = types.Split(',') }, Of(file)).Blocked);

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("webp-lossy")]
    [InlineData("webp-lossless")]
    [InlineData("bmp")]
    [InlineData("heic")]
    public void Picture_OfAMillionPixelsOrSo_IsMeasuredByItsHeader(string file)
    {
        Assert.Null(MediaWorld.LookAtFile(MediaWorld.Standard with { MaxPixels = 640 * 480 }, Of(file)).Blocked);
        Assert.Equal("IMAGE_TOO_LARGE", MediaWorld.LookAtFile(MediaWorld.Standard with { MaxPixels = 640 * 480 - 1 }, Of(file)).Blocked);
    }

    [Fact]
    public void Picture_ThatDoesNotSayItsSize_CouldBeAny()
    {
        Assert.Equal("MEDIA_UNREADABLE", MediaWorld.LookAtFile(MediaWorld.Standard with { MaxPixels = 100 }, MediaFiles.Gif()[..8]).Blocked);
        Assert.Equal("MEDIA_UNREADABLE", MediaWorld.LookAtFile(MediaWorld.Standard with { MaxPixels = 100 }, MediaFiles.Exif(place: false)).Blocked);
        Assert.Equal("IMAGE_TOO_LARGE", MediaWorld.LookAtFile(MediaWorld.Standard with { MaxPixels = int.MaxValue }, MediaFiles.Png(uint.MaxValue, uint.MaxValue)).Blocked);
        Assert.Null(MediaWorld.LookAtFile(MediaWorld.Standard with { MaxPixels = 100 }, MediaFiles.Wav()).Blocked);
    }

    [Theory]
    [InlineData(1024, null)]
    [InlineData(1025, "MEDIA_TOO_LARGE")]
    public void Item_LargerThanAllowed_IsFound(int bytes, string? found) =>
        Assert.Equal(found, MediaWorld.Look(MediaWorld.Standard with { MaxMediaKb = 1 }, MediaWorld.Chat(new byte[bytes], "application/octet-stream")).Blocked);

    [Theory]
    [InlineData(2, null)]
    [InlineData(1, "MEDIA_COUNT")]
    [InlineData(0, "MEDIA_COUNT")]
    public void Items_MoreThanAllowed_AreFound(int most, string? found)
    {
        var data = Convert.ToBase64String(MediaFiles.Png());
        var body = $$"""{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{data}}"} },{"type":"image","source":{"type":"url","url":"https://example.com/a"} }]}]}""";
        Assert.Equal(found, MediaWorld.Look(MediaWorld.Standard with { MaxMedia = most }, body).Blocked);
    }

    [Fact]
    public void Items_MoreThanAnybodySends_AreTooManyWithoutALimit()
    {
        var item = """{"type":"image_url","image_url":"https://example.com/a"}""";
        Assert.Equal("MEDIA_COUNT", MediaWorld.Look(MediaWorld.Standard, $"[{string.Join(',', Enumerable.Repeat(item, 1_001))}]").Blocked);
    }

    [Theory]
    [InlineData("https://example.com/a.png", "REMOTE_MEDIA")]
    [InlineData("gs://bucket/a.png", "REMOTE_MEDIA")]
    [InlineData("data:image/png;base64,", null)]
    public void Address_WhereNoneIsAllowed_IsFound(string url, string? found)
    {
        if (found is null) url += Convert.ToBase64String(MediaFiles.Png());
        Assert.Equal(found, MediaWorld.Look(MediaWorld.Standard with { AllowRemote = false }, MediaWorld.ChatOf(url)).Blocked);
        Assert.Null(MediaWorld.Look(MediaWorld.Standard, MediaWorld.ChatOf(url)).Blocked);
    }

    [Fact]
    public void Base64_ThatIsNone_IsUnreadable()
    {
        Assert.Equal("MEDIA_UNREADABLE", MediaWorld.Look(MediaWorld.Standard, MediaWorld.ChatOf("data:image/png;base64,!!!!")).Blocked);
        Assert.Equal("MEDIA_UNREADABLE", MediaWorld.Look(MediaWorld.Standard, MediaWorld.ChatOf("data:nothing")).Blocked);
    }

    [Fact]
    public void Strict_AsksThatAFileIsKnown()
    {
        Assert.Equal("MEDIA_UNREADABLE", MediaWorld.LookAtFile(MediaWorld.Standard with { Level = GuardrailLevels.Strict }, Of("noise")).Blocked);
        Assert.Null(MediaWorld.LookAtFile(MediaWorld.Standard, Of("noise")).Blocked);
    }

    [Fact]
    public void ExceptedType_DoesNotCount_AndFlagOnlyCounts()
    {
        Assert.Null(MediaWorld.LookAtFile(MediaWorld.Standard with { ExceptTypes = ["MEDIA_MISMATCH"] }, Of("exe"), "image/png").Blocked);
        Assert.Equal((null, "media;flag;MEDIA_MISMATCH=1"), MediaWorld.LookAtFile(new() { Level = GuardrailLevels.Flag }, Of("exe"), "image/png"));
    }

    [Fact]
    public void Merge_OfModelAndKey_IsTheStricter()
    {
        var rule = RuleMerge.Of(
            GuardrailNames.Media,
            new() { Media = MediaWorld.Standard with { MaxMediaKb = 100, MaxMedia = 2, MediaTypes = ["image/*", "application/pdf"], MediaLocation = MediaLocations.Strip } },
            null,
            null,
            new() { Media = MediaWorld.Standard with { MaxMediaKb = 50, MaxPixels = 9, MediaTypes = ["image/png", "audio/wav"], AllowRemote = false } })!;
        Assert.Equal((50, 2, 9, false, MediaLocations.Strip), (rule.MaxMediaKb, rule.MaxMedia, rule.MaxPixels, rule.AllowRemote, rule.MediaLocation));
        Assert.Equal(["image/png"], rule.MediaTypes!);

        var none = RuleMerge.Of(GuardrailNames.Media, new() { Media = MediaWorld.Standard with { MediaTypes = ["image/*"] } }, null, null, new() { Media = MediaWorld.Standard with { MediaTypes = ["audio/*"] } })!;
        Assert.Equal("MEDIA_TYPE", MediaWorld.LookAtFile(none, MediaFiles.Png()).Blocked);
        Assert.Equal("MEDIA_TYPE", MediaWorld.LookAtFile(none, MediaFiles.Wav()).Blocked);
    }

    private static byte[] Of(string file) => file switch
    {
        "png" or "PNG" => MediaFiles.Png(),
        "jpeg" => MediaFiles.Jpeg(),
        "gif" => MediaFiles.Gif(),
        "webp" => MediaFiles.Webp(),
        "webp-lossy" => MediaFiles.WebpLossy(),
        "webp-lossless" => MediaFiles.WebpLossless(),
        "bmp" => MediaFiles.Bmp(),
        "heic" => MediaFiles.Heic(place: false),
        "avif" => MediaFiles.Heic(place: false, "avif"),
        "tiff" => MediaFiles.Exif(place: false, big: false),
        "wav" => MediaFiles.Wav(),
        "mp3" => [0xFF, 0xFB, 0x90, 0x64, 0, 0, 0, 0],
        "id3" => [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 0],
        "aac" => [0xFF, 0xF1, 0x50, 0x80, 0, 0x1F, 0xFC],
        "flac" => [.. "fLaC"u8, 0, 0, 0, 34],
        "ogg" => [.. "OggS"u8, 0, 2, 0, 0],
        "m4a" => MediaFiles.Iso("M4A "),
        "mp4" => MediaFiles.Iso("isom"),
        "webm" => [0x1A, 0x45, 0xDF, 0xA3, 1, 0, 0, 0],
        "pdf" => MediaFiles.Pdf(),
        "docx" => [.. "PK"u8, 3, 4, 20, 0, 6, 0],
        "doc" => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
        "svg" => """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>"""u8.ToArray(),
        "exe" => [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0],
        "elf" => [0x7F, .. "ELF"u8, 2, 1, 1, 0],
        "cut" => MediaFiles.Png()[..6],
        "noise" => [0, 1, 2, 3, 0xFE, 5, 6, 7],
        _ => Text,
    };
}
