using System.Collections.Frozen;

namespace AspireGateway.Gateway.Guardrails.Media.Files;

/// <summary>What a file is by its bytes.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Others">Types that the same bytes may have too: a container says little about what is in it.</param>
internal sealed record MediaKind(string Type, params string[] Others)
{
    // Names of the same thing.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["image/jpg"] = "image/jpeg", ["image/pjpeg"] = "image/jpeg", ["image/x-png"] = "image/png", ["image/x-ms-bmp"] = "image/bmp", ["image/heif"] = "image/heic", ["image/heic-sequence"] = "image/heic",
        ["image/heif-sequence"] = "image/heic", ["image/tif"] = "image/tiff", ["audio/mp3"] = "audio/mpeg", ["audio/mpga"] = "audio/mpeg", ["audio/x-mp3"] = "audio/mpeg", ["audio/mpeg3"] = "audio/mpeg",
        ["audio/x-wav"] = "audio/wav", ["audio/wave"] = "audio/wav", ["audio/vnd.wave"] = "audio/wav", ["audio/x-flac"] = "audio/flac", ["audio/m4a"] = "audio/mp4", ["audio/x-m4a"] = "audio/mp4",
        ["audio/opus"] = "audio/ogg", ["audio/oga"] = "audio/ogg", ["application/ogg"] = "audio/ogg", ["audio/x-aac"] = "audio/aac", ["audio/x-aiff"] = "audio/aiff", ["video/x-matroska"] = "video/webm",
        ["video/mov"] = "video/quicktime", ["video/avi"] = "video/x-msvideo", ["application/x-pdf"] = "application/pdf", ["application/x-zip-compressed"] = "application/zip",
        ["application/x-gzip"] = "application/gzip", ["application/msword"] = "application/x-ole-storage", ["application/vnd.ms-excel"] = "application/x-ole-storage",
        ["application/vnd.ms-powerpoint"] = "application/x-ole-storage",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] OfZip = ["application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.", "application/epub+zip"];

    // Formats whose bytes always tell them. What is declared so and is nothing known is something else.
    private static readonly FrozenSet<string> Told = Shared.Domain.Guardrails.MediaTypes.All.Where(type => type is not ("text/plain" or "image/svg+xml")).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is a picture of pixels.</summary>
    public bool IsPicture => Type.StartsWith("image/", StringComparison.Ordinal) && Type != "image/svg+xml";

    /// <summary>Whether a list allows it; <c>image/*</c> allows all images.</summary>
    public bool IsIn(FrozenSet<string> permitted)
    {
        if (Is(Type, permitted)) return true;
        foreach (var other in Others)
            if (Is(other, permitted)) return true;
        return false;
    }

    /// <summary>Whether a file of some kind may be called so.</summary>
    /// <param name="kind">What it is; null = nobody knows.</param>
    /// <param name="declared">What it is called; null = nothing.</param>
    public static bool Matches(MediaKind? kind, string? declared)
    {
        var name = Plain(declared);
        if (name.Length == 0 || name is "application/octet-stream" or "binary/octet-stream" or "*/*") return true;
        if (kind is null) return !Told.Contains(name);
        if (kind.Is(name)) return true;
        // Many formats are one of these inside.
        if (kind.Type is "application/zip" or "application/gzip" or "application/x-ole-storage" && name.StartsWith("application/", StringComparison.Ordinal)) return !Told.Contains(name);
        // What is text may be called by many names; what is none may not be called by one that is told by its bytes, or by that of a text.
        return kind.Type == "text/plain" ? !Told.Contains(name) : kind.Type == "image/svg+xml" && name is "text/plain" or "text/xml" or "application/xml" or "text/html";
    }

    private bool Is(string name) => string.Equals(name, Type, StringComparison.OrdinalIgnoreCase) || Others.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool Is(string type, FrozenSet<string> permitted) => permitted.Contains(type) || permitted.Contains(string.Concat(type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal)), "/*"));

    private static string Plain(string? declared)
    {
        if (declared is null) return "";
        var end = declared.IndexOf(';', StringComparison.Ordinal);
        var name = (end < 0 ? declared : declared[..end]).Trim();
        if (Array.Exists(OfZip, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))) return "application/zip";
        return Aliases.TryGetValue(name, out var known) ? known : name.ToLowerInvariant();
    }
}
