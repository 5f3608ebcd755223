using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>The bytes of one item. Somebody's picture, so its buffers are wiped when it is put away.</summary>
internal sealed class MediaBytes : IDisposable
{
    private readonly ReadOnlyMemory<byte> body;
    private readonly MediaItem item;
    private byte[]? text, decoded;
    private int textLength, payload, length;

    private MediaBytes(ReadOnlyMemory<byte> body, MediaItem item) => (this.body, this.item, Declared) = (body, item, item.Declared);

    /// <summary>The media type that its request says it has; null = none.</summary>
    public string? Declared { get; private set; }

    /// <summary>Whether it can be written back in another form.</summary>
    public bool IsReplaceable { get; private set; } = true;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => decoded is null ? body[item.Start..item.End] : decoded.AsMemory(0, length);

    /// <summary>What stands before base64 in the item's string: the head of a data URL.</summary>
    public ReadOnlySpan<byte> Head => Text[..payload];

    private ReadOnlySpan<byte> Text => text is null ? body.Span[(item.Start + 1)..(item.End - 1)] : text.AsSpan(0, textLength);

    /// <summary>Reads an item.</summary>
    /// <returns>Null when its string holds no bytes: neither base64 nor a data URL.</returns>
    public static MediaBytes? Read(ReadOnlyMemory<byte> body, MediaItem item)
    {
        var bytes = new MediaBytes(body, item);
        if (item.Encoding == MediaEncoding.Plain || (item.Encoding == MediaEncoding.Inline && bytes.TryDecode())) return bytes;
        bytes.Dispose();
        return null;
    }

    /// <summary>The bytes, to be changed; the body stays as it is.</summary>
    public Span<byte> Writable()
    {
        if (decoded is null)
        {
            length = item.End - item.Start;
            decoded = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
            body.Span[item.Start..item.End].CopyTo(decoded);
        }
        return decoded.AsSpan(0, length);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Return(ref text);
        Return(ref decoded);
    }

    private bool TryDecode()
    {
        if (!TryUnescape()) return false;
        var value = Text;
        if (DataUrl.IsOne(value))
        {
            if (!DataUrl.TrySplit(value, out payload, out var declared, out var isBase64)) return false;
            Declared = declared ?? Declared;
            value = value[payload..];
            if (!isBase64)
            {
                IsReplaceable = false;
                decoded = ArrayPool<byte>.Shared.Rent(Math.Max(1, value.Length));
                length = Percent(value, decoded);
                return true;
            }
        }
        decoded = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(value.Length) + 3);
        return Base64.DecodeFromUtf8(value, decoded, out var read, out length) == OperationStatus.Done && read == value.Length || TryDecodeLoose(value);
    }

    private bool TryUnescape()
    {
        if (!body.Span[item.Start..item.End].Contains((byte)'\\')) return true;
        text = ArrayPool<byte>.Shared.Rent(item.End - item.Start);
        var reader = new Utf8JsonReader(body.Span[item.Start..item.End]);
        try
        {
            reader.Read();
            textLength = reader.CopyString(text);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // As some providers take it: the alphabet of URLs, no padding, percent-encoded signs.
    private bool TryDecodeLoose(ReadOnlySpan<byte> value)
    {
        var plain = ArrayPool<byte>.Shared.Rent(value.Length + 3);
        try
        {
            var count = 0;
            for (var i = 0; i < value.Length; i++)
            {
                var c = value[i];
                if (c == '%' && i + 2 < value.Length && TryHex(value[i + 1], value[i + 2], out c)) i += 2;
                if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'=') continue;
                plain[count++] = c == '-' ? (byte)'+' : c == '_' ? (byte)'/' : c;
            }
            while (count % 4 != 0) plain[count++] = (byte)'=';
            return Base64.DecodeFromUtf8(plain.AsSpan(0, count), decoded, out _, out length) == OperationStatus.Done;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
        }
    }

    private static int Percent(ReadOnlySpan<byte> value, Span<byte> to)
    {
        var count = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '%' && i + 2 < value.Length && TryHex(value[i + 1], value[i + 2], out c)) i += 2;
            to[count++] = c;
        }
        return count;
    }

    // Leaves what is no number as it stands.
    private static bool TryHex(byte high, byte low, out byte value)
    {
        value = (byte)'%';
        var (h, l) = (HexOf(high), HexOf(low));
        if (h < 0 || l < 0) return false;
        value = (byte)((h << 4) | l);
        return true;
    }

    private static int HexOf(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = null;
    }
}
