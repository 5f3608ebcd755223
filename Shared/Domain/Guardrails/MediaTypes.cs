namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>Media types that the gateway tells by a file's bytes.</summary>
public static class MediaTypes
{
    /// <summary>Most entries of a list of permitted types.</summary>
    public const int Most = 50;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic", "image/avif", "image/svg+xml",
        "audio/wav", "audio/mpeg", "audio/flac", "audio/ogg", "audio/aac", "audio/mp4", "audio/webm", "audio/aiff", "audio/amr",
        "video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-msvideo",
        "application/pdf", "application/zip", "application/gzip", "application/x-ole-storage", "application/x-executable", "text/plain",
    ];

    /// <summary>Families that may stand for all of their types.</summary>
    public static readonly IReadOnlyList<string> Families = ["image/*", "audio/*", "video/*", "text/*"];

    /// <summary>Whether a list of permitted types may hold it.</summary>
    public static bool IsKnown(string type) => All.Contains(type, StringComparer.Ordinal) || Families.Contains(type, StringComparer.Ordinal);
}

/// <summary>What becomes of the place where a picture was taken, as its metadata say it.</summary>
public static class MediaLocations
{
    /// <summary>It leaves.</summary>
    public const string Keep = "keep";

    /// <summary>It is taken out before the request leaves; where it cannot be, it counts as found.</summary>
    public const string Strip = "strip";

    /// <summary>It counts as found.</summary>
    public const string Find = "find";

    /// <summary>All of them, by strictness.</summary>
    public static readonly IReadOnlyList<string> All = [Keep, Strip, Find];
}
