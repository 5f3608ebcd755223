using System.Text;
using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>A data URL (RFC 2397) in bytes, escapes of JSON resolved.</summary>
internal static class DataUrl
{
    // Parameters of a media type; what has more of them is no data URL that anybody reads.
    private const int MaxHead = 512;

    private static ReadOnlySpan<byte> Scheme => "data:"u8;

    private static ReadOnlySpan<byte> Base64Mark => ";base64"u8;

    /// <summary>Whether the string that a reader stands at is one.</summary>
    public static bool IsOne(ref Utf8JsonReader reader)
    {
        var value = reader.ValueSpan;
        if (value.Length < Scheme.Length) return false;
        if (!reader.ValueIsEscaped) return IsOne(value);
        // Of five characters each may be written as six.
        Span<byte> head = stackalloc byte[Scheme.Length];
        return TryUnescape(value, head) && IsOne(head);
    }

    /// <summary>Whether bytes begin as one, in any case.</summary>
    public static bool IsOne(ReadOnlySpan<byte> value) => value.Length >= Scheme.Length && Ascii.EqualsIgnoreCase(value[..Scheme.Length], Scheme);

    /// <summary>Takes one apart.</summary>
    /// <param name="value">The whole URL.</param>
    /// <param name="payload">Where its bytes begin.</param>
    /// <param name="declared">Its media type; null = it names none.</param>
    /// <param name="isBase64">Whether its bytes are base64, not percent-encoded.</param>
    /// <returns>False when it has no comma where one must be.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> value, out int payload, out string? declared, out bool isBase64)
    {
        (payload, declared, isBase64) = (0, null, false);
        var comma = value[..Math.Min(value.Length, MaxHead)].IndexOf((byte)',');
        if (comma < 0) return false;
        var head = value[Scheme.Length..comma].Trim((byte)' ');
        isBase64 = head.Length >= Base64Mark.Length && Ascii.EqualsIgnoreCase(head[^Base64Mark.Length..], Base64Mark);
        var end = head.IndexOf((byte)';');
        var type = end < 0 ? head : head[..end];
        payload = comma + 1;
        if (!type.IsEmpty) declared = Encoding.Latin1.GetString(type);
        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> value, Span<byte> head)
    {
        var at = 0;
        for (var i = 0; i < head.Length; i++)
        {
            if (at >= value.Length) return false;
            if (value[at] != '\\')
            {
                head[i] = value[at++];
                continue;
            }
            // Letters and the colon have no short escape.
            if (at + 6 > value.Length || value[at + 1] != 'u' || !System.Buffers.Text.Utf8Parser.TryParse(value.Slice(at + 2, 4), out ushort code, out var read, 'x') || read != 4 || code > 0x7F) return false;
            head[i] = (byte)code;
            at += 6;
        }
        return true;
    }
}
