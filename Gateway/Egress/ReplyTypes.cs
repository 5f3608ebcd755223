using System.Collections.Frozen;

namespace AspireGateway.Gateway.Egress;

/// <summary>The media types in which replies may go out. What a provider calls its reply is believed only within this list: a page or a script from it would run under the gateway's name.</summary>
internal static class ReplyTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly FrozenSet<string> Bytes = FrozenSet.ToFrozenSet(
        ["audio/mpeg", "audio/mp3", "audio/opus", "audio/ogg", "audio/aac", "audio/flac", "audio/wav", "audio/x-wav", "audio/wave", "audio/pcm", "audio/l16", "audio/webm", "audio/mp4"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["application/json"] = "application/json",
        ["text/plain"] = "text/plain; charset=utf-8",
        ["text/vtt"] = "text/vtt; charset=utf-8",
        ["application/x-subrip"] = "application/x-subrip; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type of a reply of bytes.</summary>
    public static string OfBytes(string? mediaType) => mediaType is not null && Bytes.TryGetValue(mediaType, out var known) ? known : Unknown;

    /// <summary>The type of a reply of text; what is not known goes out as plain text.</summary>
    public static string OfText(string? mediaType) => mediaType is not null && Texts.TryGetValue(mediaType, out var known) ? known : Texts["text/plain"];
}
