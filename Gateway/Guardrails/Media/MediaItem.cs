using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>A picture, a sound or a file of a request.</summary>
/// <param name="Start">First byte of its value in the body; of a JSON string its quote.</param>
/// <param name="End">Behind its last byte.</param>
/// <param name="Encoding">How it stands there.</param>
/// <param name="Declared">The media type that stands beside it; null = none does, or it stands in its data URL.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MediaItem(int Start, int End, MediaEncoding Encoding, string? Declared);

/// <summary>How an item stands in a body.</summary>
internal enum MediaEncoding
{
    /// <summary>A JSON string: base64, or a data URL (RFC 2397).</summary>
    Inline,

    /// <summary>An address or a provider's id of a file: its bytes are elsewhere.</summary>
    Remote,

    /// <summary>Bytes as they are: a file of a form, or the whole body.</summary>
    Plain,
}
