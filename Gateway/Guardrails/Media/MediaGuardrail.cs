using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Media.Files;
using AspireGateway.Gateway.Guardrails.Media.Location;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>Finds pictures, sounds and files that are too many, too large, of another type than they may be or say, elsewhere, or that tell where they were taken.</summary>
internal sealed class MediaGuardrail : IMediaGuardrail
{
    /// <summary>Types of findings: an item with too many bytes, a picture with too many pixels, too many items, a type that may not leave, another type than declared.</summary>
    public const string TooLarge = "MEDIA_TOO_LARGE", TooManyPixels = "IMAGE_TOO_LARGE", TooMany = "MEDIA_COUNT", WrongType = "MEDIA_TYPE", Mismatch = "MEDIA_MISMATCH";

    /// <summary>Types of findings: bytes that are elsewhere, a place that stands in metadata, an item that nobody can look at.</summary>
    public const string Remote = "REMOTE_MEDIA", Place = "MEDIA_LOCATION", Unreadable = "MEDIA_UNREADABLE";

    /// <inheritdoc />
    public string Name => GuardrailNames.Media;

    /// <inheritdoc />
    public bool FindsStretches => false;

    /// <inheritdoc />
    public int ReplyWindow => 0;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        // A text holds none.
    }

    /// <inheritdoc />
    public void LookAtAll(BodyMedia media, ActiveRule rule, FindingList findings)
    {
        // What is not told apart is not looked at.
        if (media.IsOverfull || media.Items.Length > rule.Media.MaxItems) findings.Add(new(TooMany, media.Items.Length, 1, 1));
    }

    /// <inheritdoc />
    public void LookAt(BodyMedia media, int index, ActiveRule rule, FindingList findings)
    {
        var (item, limit) = (media.Items[index], rule.Media);
        if (item.Encoding == MediaEncoding.Remote)
        {
            if (!limit.AllowsRemote) findings.Add(new(Remote, index, 1, 1));
            return;
        }
        using var bytes = MediaBytes.Read(media.Body, item);
        if (bytes is null)
        {
            findings.Add(new(Unreadable, index, 1, 1));
            return;
        }
        var file = bytes.Memory.Span;
        if (file.Length > limit.MaxBytes) findings.Add(new(TooLarge, index, 1, 1));
        var kind = MediaSniffer.Of(file);
        if (limit.Types.Count > 0 && kind?.IsIn(limit.Types) != true) findings.Add(new(WrongType, index, 1, 1));
        else if (kind is null && rule.IsStrict) findings.Add(new(Unreadable, index, 1, 0.5));
        if (!MediaKind.Matches(kind, bytes.Declared)) findings.Add(new(Mismatch, index, 1, 1));
        if (kind is null) return;
        if (limit.MaxPixels is { } most && kind.IsPicture) LookAtSize(file, kind, most, index, findings);
        if (limit.Location != MediaLocations.Keep && PictureLocation.Has(file, kind)) LookAtPlace(media, bytes, kind, limit, index, findings);
    }

    private static void LookAtSize(ReadOnlySpan<byte> file, MediaKind kind, int most, int index, FindingList findings)
    {
        // A picture that does not say how large it is could be any size.
        if (PixelCount.Of(file, kind) is not { } pixels) findings.Add(new(Unreadable, index, 1, 1));
        else if (pixels > most) findings.Add(new(TooManyPixels, index, 1, 1));
    }

    private static void LookAtPlace(BodyMedia media, MediaBytes bytes, MediaKind kind, MediaLimit limit, int index, FindingList findings)
    {
        if (limit.Location == MediaLocations.Strip && TryStrip(bytes, kind)) media.Strips++;
        else findings.Add(new(Place, index, 1, 1));
    }

    /// <summary>Takes the place out of an item's bytes, and looks whether it is gone.</summary>
    public static bool TryStrip(MediaBytes bytes, MediaKind kind)
    {
        if (!bytes.IsReplaceable) return false;
        var file = bytes.Writable();
        PictureLocation.Blank(file, kind);
        return !PictureLocation.Has(file, kind);
    }
}
