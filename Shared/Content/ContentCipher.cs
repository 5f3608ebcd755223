using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AspireGateway.Shared.Content;

/// <summary>
/// Encrypts with AES-256-GCM (NIST SP 800-38D). An envelope is <c>version(1) | nonce(12) | tag(16) | ciphertext</c>; the nonce is random. What the text belongs to is authenticated along with it, so that an envelope
/// in another row does not open.
/// </summary>
public static class ContentCipher
{
    private const byte Version = 1;
    private const int NonceBytes = 12, TagBytes = 16, HeaderBytes = 1 + NonceBytes + TagBytes;

    /// <summary>Encrypts a request's texts.</summary>
    /// <param name="key">The subject's key.</param>
    /// <param name="record">The request's usage record.</param>
    /// <param name="at">When the request arrived; the row's partition hangs on it.</param>
    /// <param name="plain">The texts.</param>
    public static byte[] Seal(ContentKey key, Guid record, DateTimeOffset at, ReadOnlySpan<byte> plain)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Seal(key.Bytes, plain, RowOf(key, record, at));
    }

    /// <summary>Decrypts them; null = the row is damaged, or is not the one that they were encrypted for.</summary>
    /// <inheritdoc cref="Seal(ContentKey, Guid, DateTimeOffset, ReadOnlySpan{byte})"/>
    public static byte[]? Open(ContentKey key, Guid record, DateTimeOffset at, ReadOnlySpan<byte> envelope)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Open(key.Bytes, envelope, RowOf(key, record, at));
    }

    /// <summary>Wraps a subject's key with the organisation's.</summary>
    public static byte[] Wrap(ContentKey organisation, ContentKey subject)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(subject);
        return Seal(organisation.Bytes, subject.Bytes, KeyRowOf(organisation, subject.Id, subject.Subject!, subject.Version));
    }

    /// <summary>Unwraps it; null = it is not this organisation's, this subject's or this version.</summary>
    public static byte[]? Unwrap(ContentKey organisation, Guid id, byte[] subject, int version, ReadOnlySpan<byte> wrapped)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(subject);
        return Open(organisation.Bytes, wrapped, KeyRowOf(organisation, id, subject, version));
    }

    // Microseconds, as Postgres keeps them.
    private static byte[] RowOf(ContentKey key, Guid record, DateTimeOffset at)
    {
        var row = new byte[16 * 3 + 8 + 4];
        key.Organisation.TryWriteBytes(row);
        record.TryWriteBytes(row.AsSpan(16));
        key.Id.TryWriteBytes(row.AsSpan(32));
        BinaryPrimitives.WriteInt64LittleEndian(row.AsSpan(48), (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(56), key.Version);
        return row;
    }

    private static byte[] KeyRowOf(ContentKey organisation, Guid id, byte[] subject, int version)
    {
        var row = new byte[16 * 3 + 4 + subject.Length];
        organisation.Organisation.TryWriteBytes(row);
        organisation.Id.TryWriteBytes(row.AsSpan(16));
        id.TryWriteBytes(row.AsSpan(32));
        BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(48), version);
        subject.CopyTo(row.AsSpan(52));
        return row;
    }

    private static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, byte[] row)
    {
        var envelope = new byte[HeaderBytes + plain.Length];
        envelope[0] = Version;
        var nonce = envelope.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, envelope.AsSpan(HeaderBytes), envelope.AsSpan(1 + NonceBytes, TagBytes), row);
        return envelope;
    }

    private static byte[]? Open(byte[] key, ReadOnlySpan<byte> envelope, byte[] row)
    {
        if (envelope.Length < HeaderBytes || envelope[0] != Version) return null;
        var plain = new byte[envelope.Length - HeaderBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(envelope.Slice(1, NonceBytes), envelope[HeaderBytes..], envelope.Slice(1 + NonceBytes, TagBytes), plain, row);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return plain;
    }
}
