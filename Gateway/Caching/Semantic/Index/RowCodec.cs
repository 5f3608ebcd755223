using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Caching.Semantic.Index;

/// <summary>
/// Seals rows for the store and opens them again, as <see cref="Entries.EntryCodec"/> does with replies: whoever reads the store can guess no question, and a row that is damaged,
/// was put elsewhere or comes from a stranger is none. Version 1: <c>version(1) | nonce(12) | tag(16) | sealed</c>; sealed is <c>ends(8) | length of the vector(2) | words(2) |
/// vector (16 bits each) | words</c>, little-endian.
/// </summary>
/// <param name="key">32 bytes.</param>
internal sealed class RowCodec(byte[] key)
{
    /// <summary>Longest vector that is kept.</summary>
    public const int MostDimensions = 4_096;

    private const byte Version = 1;
    private const int NonceBytes = 12, TagBytes = 16, Head = 1 + NonceBytes + TagBytes, FixedBytes = 8 + 2 + 2;

    /// <summary>Seals a row.</summary>
    /// <param name="row">The row, with at most <see cref="MostDimensions"/>.</param>
    /// <param name="scope">Its scope.</param>
    public byte[] Seal(SemanticRow row, CacheDigest scope)
    {
        var vectorBytes = row.Vector.Length * 2;
        var plain = new byte[FixedBytes + vectorBytes + row.Words.Length * QuestionWord.Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(plain, row.EndsAtMs);
        BinaryPrimitives.WriteUInt16LittleEndian(plain.AsSpan(8), (ushort)row.Vector.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(plain.AsSpan(10), (ushort)row.Words.Length);
        TensorPrimitives.ConvertToHalf(row.Vector, MemoryMarshal.Cast<byte, Half>(plain.AsSpan(FixedBytes, vectorBytes)));
        MemoryMarshal.AsBytes(row.Words.AsSpan()).CopyTo(plain.AsSpan(FixedBytes + vectorBytes));

        var sealedRow = new byte[Head + plain.Length];
        sealedRow[0] = Version;
        RandomNumberGenerator.Fill(sealedRow.AsSpan(1, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(sealedRow.AsSpan(1, NonceBytes), plain, sealedRow.AsSpan(Head), sealedRow.AsSpan(1 + NonceBytes, TagBytes), Bound(scope, row.Digest));
        return sealedRow;
    }

    /// <summary>Opens a row; null = it is none of this scope and digest.</summary>
    public SemanticRow? Open(ReadOnlySpan<byte> sealedRow, CacheDigest scope, CacheDigest digest)
    {
        if (sealedRow.Length < Head + FixedBytes || sealedRow[0] != Version) return null;
        var plain = new byte[sealedRow.Length - Head];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(sealedRow.Slice(1, NonceBytes), sealedRow[Head..], sealedRow.Slice(1 + NonceBytes, TagBytes), plain, Bound(scope, digest));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        // Whoever could seal it wrote it right.
        var vector = new float[BinaryPrimitives.ReadUInt16LittleEndian(plain.AsSpan(8))];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(plain.AsSpan(FixedBytes, vector.Length * 2)), vector);
        var words = new QuestionWord[BinaryPrimitives.ReadUInt16LittleEndian(plain.AsSpan(10))];
        plain.AsSpan(FixedBytes + vector.Length * 2).CopyTo(MemoryMarshal.AsBytes(words.AsSpan()));
        return new(digest, vector, words, BinaryPrimitives.ReadInt64LittleEndian(plain));
    }

    private static byte[] Bound(CacheDigest scope, CacheDigest digest)
    {
        var bound = new byte[2 * CacheDigest.Bytes];
        scope.CopyTo(bound);
        digest.CopyTo(bound.AsSpan(CacheDigest.Bytes));
        return bound;
    }
}
