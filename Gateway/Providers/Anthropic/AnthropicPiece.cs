using System.Buffers;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// The event that makes up nearly all of a stream: a piece of a text, in the very bytes that the API writes. It is recognised by comparison; anything that
/// differs by a byte, or whose text holds an escape, is left to the parser.
/// </summary>
internal static class AnthropicPiece
{
    private static readonly SearchValues<byte> NeedsParsing = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    /// <summary>Reads such an event; false = the parser must look.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out int index, out ReadOnlySpan<byte> text)
    {
        index = 0;
        text = default;
        var prefix = "{\"type\":\"content_block_delta\",\"index\":"u8;
        if (!data.StartsWith(prefix) || !data.EndsWith("\"}}"u8)) return false;
        data = data[prefix.Length..^3];
        var digits = 0;
        // Four digits are more than any answer has blocks, and no zero is followed by another digit in JSON.
        while (digits < 4 && digits < data.Length && data[digits] is >= (byte)'0' and <= (byte)'9') index = (index * 10) + data[digits++] - '0';
        if (digits == 0 || (digits > 1 && data[0] == '0')) return false;
        data = data[digits..];
        var isText = Skip(ref data, ",\"delta\":{\"type\":\""u8)
            && (Skip(ref data, "text_delta\",\"text\":\""u8) || Skip(ref data, "thinking_delta\",\"thinking\":\""u8) || Skip(ref data, "input_json_delta\",\"partial_json\":\""u8));
        if (!isText || data.ContainsAny(NeedsParsing)) return false;
        text = data;
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected)
    {
        if (!data.StartsWith(expected)) return false;
        data = data[expected.Length..];
        return true;
    }
}
