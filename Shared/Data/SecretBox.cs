using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Shared.Data;

/// <summary>
/// Encrypts secrets at rest with AES-256-GCM. An envelope is <c>version(1) | key id(4) | nonce(12) | tag(16) | ciphertext</c>; the key id is the
/// start of the master key's SHA-256, so that old envelopes open with a previous key while new ones are sealed with the current one. The
/// owner's id is authenticated too: an envelope copied to another row does not open.
/// </summary>
public sealed class SecretBox
{
    private const byte Version = 1;
    private const int KeyIdBytes = 4, NonceBytes = 12, TagBytes = 16, KeyBytes = 32;
    private const int HeaderBytes = 1 + KeyIdBytes + NonceBytes + TagBytes;

    private readonly byte[] current;
    private readonly Dictionary<uint, byte[]> keys = [];

    /// <summary>Takes the current master key and those it replaced; each is 32 bytes in base64.</summary>
    /// <exception cref="FormatException">A key is not base64 of 32 bytes; the message names the setting, never the value.</exception>
    public SecretBox(string masterKey, IEnumerable<string>? previousKeys = null)
    {
        current = Read(masterKey, "Gateway__MasterKey");
        foreach (var previous in previousKeys ?? [])
        {
            var key = Read(previous, "Gateway__PreviousMasterKeys");
            keys[KeyId(key)] = key;
        }
        keys[KeyId(current)] = current;
    }

    /// <summary>Reads <c>Gateway:MasterKey</c> and the comma separated <c>Gateway:PreviousMasterKeys</c>.</summary>
    public static SecretBox FromSettings(string? masterKey, string? previousKeys) =>
        string.IsNullOrWhiteSpace(masterKey)
            ? throw new FormatException("Gateway__MasterKey is not set. It is the base64 form of 32 random bytes: openssl rand -base64 32")
            : new SecretBox(masterKey, previousKeys?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Seals a secret for its owner.</summary>
    public byte[] Seal(string secret, Guid owner)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var envelope = Seal(plain, owner.ToByteArray());
        CryptographicOperations.ZeroMemory(plain);
        return envelope;
    }

    /// <summary>Seals bytes for their owner, which is whatever must be known to open them.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> owner)
    {
        var envelope = new byte[HeaderBytes + plain.Length];
        envelope[0] = Version;
        BitConverter.TryWriteBytes(envelope.AsSpan(1), KeyId(current));
        var nonce = envelope.AsSpan(1 + KeyIdBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(current, TagBytes);
        aes.Encrypt(nonce, plain, envelope.AsSpan(HeaderBytes), envelope.AsSpan(1 + KeyIdBytes + NonceBytes, TagBytes), owner);
        return envelope;
    }

    /// <summary>Signs content for a purpose: the id of the key and HMAC-SHA256 under a key that is derived from the master key for it (HKDF, RFC 5869).</summary>
    public byte[] Sign(ReadOnlySpan<byte> content, string purpose)
    {
        var signature = new byte[KeyIdBytes + HMACSHA256.HashSizeInBytes];
        BitConverter.TryWriteBytes(signature, KeyId(current));
        HMACSHA256.HashData(DeriveFor(current, purpose), content, signature.AsSpan(KeyIdBytes));
        return signature;
    }

    /// <summary>Whether content was signed for a purpose under the master key or one that it replaced.</summary>
    public bool IsSigned(ReadOnlySpan<byte> content, string purpose, ReadOnlySpan<byte> signature) =>
        signature.Length == KeyIdBytes + HMACSHA256.HashSizeInBytes && keys.TryGetValue(BitConverter.ToUInt32(signature), out var key)
        && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(DeriveFor(key, purpose), content), signature[KeyIdBytes..]);

    private static byte[] DeriveFor(byte[] key, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Opens an envelope; null when it is damaged, belongs to another owner, or was sealed with a key that is not known here.</summary>
    public string? Open(ReadOnlySpan<byte> envelope, Guid owner)
    {
        if (Open(envelope, owner.ToByteArray()) is not { } plain) return null;
        var secret = Encoding.UTF8.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return secret;
    }

    /// <summary>Opens an envelope of bytes; null under the same conditions.</summary>
    public byte[]? Open(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> owner)
    {
        if (envelope.Length < HeaderBytes || envelope[0] != Version) return null;
        if (!keys.TryGetValue(BitConverter.ToUInt32(envelope[1..]), out var key)) return null;
        var plain = new byte[envelope.Length - HeaderBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                envelope.Slice(1 + KeyIdBytes, NonceBytes), envelope[HeaderBytes..], envelope.Slice(1 + KeyIdBytes + NonceBytes, TagBytes),
                plain, owner);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return plain;
    }

    /// <summary>
    /// Hashes that say whether two texts are the same to whoever has a master key, and nothing to anybody else: HMAC-SHA256 under a key that is derived from
    /// each known master key (HKDF, RFC 5869), the current one first.
    /// </summary>
    public byte[][] Fingerprints(ReadOnlySpan<byte> data)
    {
        var fingerprints = new List<byte[]>(keys.Count) { Fingerprint(current, data) };
        foreach (var key in keys.Values)
            if (!ReferenceEquals(key, current)) fingerprints.Add(Fingerprint(key, data));
        return [.. fingerprints];
    }

    private static byte[] Fingerprint(byte[] key, ReadOnlySpan<byte> data)
    {
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, default, "fingerprint"u8);
        return HMACSHA256.HashData(derived, data);
    }

    /// <summary>Whether an envelope was sealed with an older key and should be sealed again.</summary>
    public bool NeedsReseal(ReadOnlySpan<byte> envelope) =>
        envelope.Length < HeaderBytes || BitConverter.ToUInt32(envelope[1..]) != KeyId(current);

    /// <summary>A key of 32 bytes for one purpose, made of the current master key (HKDF, RFC 5869). Another master key gives another one: what was sealed with it is lost.</summary>
    public byte[] DeriveKey(string purpose) => DeriveFor(current, purpose);

    private static uint KeyId(byte[] key) => BitConverter.ToUInt32(SHA256.HashData(key));

    private static byte[] Read(string base64, string setting)
    {
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(base64.Trim(), key, out var written) && written == KeyBytes
            ? key
            : throw new FormatException($"{setting} is not the base64 form of exactly 32 bytes. Make one with: openssl rand -base64 32");
    }
}
