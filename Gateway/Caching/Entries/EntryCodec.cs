using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Entries;

/// <summary>
/// Seals replies for the store and opens them again: AES-256-GCM under a key of the master key's, bound to the digest, so that an entry that is damaged, was put under
/// another key or comes from a stranger is none. Version 1: <c>version(1) | nonce(12) | tag(16) | sealed</c>; sealed is <c>created(8) | ttl(4) | latency(8) | cost(8) |
/// deployment(16) | three texts | form(1) | length(4) | body</c>, little-endian; a text is its length (2; 65535 = null) and UTF-8. Bodies above 1 KB are compressed (Brotli).
/// </summary>
/// <param name="key">32 bytes.</param>
internal sealed class EntryCodec(byte[] key)
{
    private const byte Version = 1, Plain = 0, Brotli = 1;
    private const int NonceBytes = 12, TagBytes = 16, Head = 1 + NonceBytes + TagBytes, FixedBytes = 8 + 4 + 8 + 8 + 16 + 1 + 4;
    private const int CompressAbove = 1024, Quality = 4, Window = 18;
    private const ushort NoText = ushort.MaxValue;
    private const int MaxTextBytes = 1_000;

    /// <summary>Seals a reply.</summary>
    public byte[] Seal(CachedReply reply, CacheDigest digest)
    {
        string?[] texts = [Cut(reply.Deployment), Cut(reply.Provider), Cut(reply.ServedModel)];
        var textBytes = texts.Sum(text => 2 + (text is null ? 0 : Encoding.UTF8.GetByteCount(text)));
        var plain = new byte[FixedBytes + textBytes + Math.Max(reply.Body.Length, BrotliEncoder.GetMaxCompressedLength(reply.Body.Length))];
        BinaryPrimitives.WriteInt64LittleEndian(plain, reply.CreatedAtMs);
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(8), reply.TtlSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(12), reply.LatencyUs);
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(20), reply.CostNanoUsd);
        reply.DeploymentId.TryWriteBytes(plain.AsSpan(28));
        var at = 44;
        foreach (var text in texts)
        {
            var length = text is null ? NoText : Encoding.UTF8.GetBytes(text, plain.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt16LittleEndian(plain.AsSpan(at), (ushort)length);
            at += 2 + (text is null ? 0 : length);
        }
        var packed = 0;
        var isPacked = reply.Body.Length > CompressAbove && BrotliEncoder.TryCompress(reply.Body, plain.AsSpan(at + 5), out packed, Quality, Window) && packed < reply.Body.Length;
        plain[at] = isPacked ? Brotli : Plain;
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(at + 1), reply.Body.Length);
        at += 5;
        if (!isPacked) reply.Body.CopyTo(plain.AsSpan(at));
        at += isPacked ? packed : reply.Body.Length;

        var entry = new byte[Head + at];
        entry[0] = Version;
        RandomNumberGenerator.Fill(entry.AsSpan(1, NonceBytes));
        Span<byte> bound = stackalloc byte[CacheDigest.Bytes];
        digest.CopyTo(bound);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(entry.AsSpan(1, NonceBytes), plain.AsSpan(0, at), entry.AsSpan(Head), entry.AsSpan(1 + NonceBytes, TagBytes), bound);
        return entry;
    }

    /// <summary>Opens an entry; null = it is none of this digest's.</summary>
    public CachedReply? Open(ReadOnlySpan<byte> entry, CacheDigest digest)
    {
        if (entry.Length < Head + FixedBytes + 6 || entry[0] != Version) return null;
        var plain = new byte[entry.Length - Head];
        Span<byte> bound = stackalloc byte[CacheDigest.Bytes];
        digest.CopyTo(bound);
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(entry.Slice(1, NonceBytes), entry[Head..], entry.Slice(1 + NonceBytes, TagBytes), plain, bound);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return Read(plain);
    }

    // Whoever could seal it wrote it right.
    private static CachedReply? Read(ReadOnlySpan<byte> plain)
    {
        var at = 44;
        var (deployment, provider, served) = (Text(plain, ref at), Text(plain, ref at), Text(plain, ref at));
        var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(plain[(at + 1)..])];
        var packed = plain[(at + 5)..];
        if (plain[at] == Plain) packed.CopyTo(body);
        else if (!BrotliDecoder.TryDecompress(packed, body, out var written) || written != body.Length) return null;
        return new()
        {
            CreatedAtMs = BinaryPrimitives.ReadInt64LittleEndian(plain), TtlSeconds = BinaryPrimitives.ReadInt32LittleEndian(plain[8..]), LatencyUs = BinaryPrimitives.ReadInt64LittleEndian(plain[12..]),
            CostNanoUsd = BinaryPrimitives.ReadInt64LittleEndian(plain[20..]), DeploymentId = new Guid(plain.Slice(28, 16)), Deployment = deployment ?? "", Provider = provider ?? "",
            ServedModel = served, Body = body,
        };
    }

    private static string? Text(ReadOnlySpan<byte> plain, ref int at)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(plain[at..]);
        at += 2;
        if (length == NoText) return null;
        at += length;
        return Encoding.UTF8.GetString(plain[(at - length)..at]);
    }

    private static string? Cut(string? text) => text is { Length: > MaxTextBytes } ? text[..MaxTextBytes] : text;
}
