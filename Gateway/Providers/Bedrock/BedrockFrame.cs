using System.Buffers.Binary;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// A message of an event stream (Amazon, "Event stream encoding"), whose checksums were judged when it was cut from the stream. Header names begin
/// with a colon; a header's value has a type of one byte, and only texts matter here.
/// </summary>
internal readonly ref struct BedrockFrame
{
    private const int BytesType = 6, TextType = 7;

    private BedrockFrame(ReadOnlySpan<byte> messageType, ReadOnlySpan<byte> type, ReadOnlySpan<byte> words, ReadOnlySpan<byte> payload)
    {
        IsEvent = messageType.IsEmpty || messageType.SequenceEqual("event"u8);
        Type = type;
        ErrorMessage = words;
        Payload = payload;
    }

    /// <summary>False for an exception or an error, which end the stream.</summary>
    public bool IsEvent { get; }

    /// <summary>The event's name, the exception's name or the error's code.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>An error's words (exceptions have theirs in the payload).</summary>
    public ReadOnlySpan<byte> ErrorMessage { get; }

    /// <summary>The JSON.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Opens a frame; false when its headers run over their end or have an unknown type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out BedrockFrame opened)
    {
        opened = default;
        if (frame.Length < AmazonFrameScanner.SmallestFrame) return false;
        var headersLength = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]);
        if (headersLength > frame.Length - AmazonFrameScanner.SmallestFrame) return false;
        var headers = frame.Slice(AmazonFrameScanner.PreludeBytes, (int)headersLength);
        ReadOnlySpan<byte> messageType = default, type = default, words = default;
        while (!headers.IsEmpty)
        {
            int nameLength = headers[0];
            if (headers.Length < nameLength + 2) return false;
            var name = headers.Slice(1, nameLength);
            int valueType = headers[nameLength + 1];
            headers = headers[(nameLength + 2)..];
            var valueLength = LengthOf(valueType, headers, out var prefix);
            if (valueLength < 0 || headers.Length < prefix + valueLength) return false;
            var value = headers.Slice(prefix, valueLength);
            headers = headers[(prefix + valueLength)..];
            if (valueType != TextType) continue;
            if (name.SequenceEqual(":message-type"u8)) messageType = value;
            else if (name.SequenceEqual(":event-type"u8) || name.SequenceEqual(":exception-type"u8) || name.SequenceEqual(":error-code"u8)) type = value;
            else if (name.SequenceEqual(":error-message"u8)) words = value;
        }
        opened = new(messageType, type, words, frame[(AmazonFrameScanner.PreludeBytes + (int)headersLength)..^4]);
        return true;
    }

    private static int LengthOf(int type, ReadOnlySpan<byte> value, out int prefix)
    {
        prefix = 0;
        switch (type)
        {
            case 0 or 1: return 0; // true, false
            case 2: return 1;
            case 3: return 2;
            case 4: return 4;
            case 5 or 8: return 8; // a number, a moment
            case 9: return 16;
            case BytesType or TextType:
                prefix = 2;
                return value.Length < 2 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(value);
            default: return -1;
        }
    }
}
