using System.Security.Cryptography;

namespace AspireGateway.Shared.Content;

/// <summary>A key of the content store, opened: the organisation's, which wraps the others, or one subject's, which encrypts texts.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Whose it is.</param>
/// <param name="Subject">Whose texts it encrypts, as <see cref="SubjectOf"/> names them; null = it wraps keys.</param>
/// <param name="Version">1 for the first of its subject.</param>
/// <param name="Bytes">The 32 bytes. Never in a log, never in a message.</param>
public sealed record ContentKey(Guid Id, Guid Organisation, byte[]? Subject, int Version, byte[] Bytes)
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    /// <summary>
    /// What stands for a user in the content store: HMAC-SHA256 under a key derived from the organisation's (HKDF, RFC 5869). Whoever has the tables alone cannot tell whose rows they are. Requests without a user share
    /// the subject of the empty name.
    /// </summary>
    public byte[] SubjectOf(string? user)
    {
        Span<byte> derived = stackalloc byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, derived, default, "content subject"u8);
        var subject = HMACSHA256.HashData(derived, System.Text.Encoding.UTF8.GetBytes(user ?? ""));
        CryptographicOperations.ZeroMemory(derived);
        return subject;
    }

    /// <inheritdoc />
    public override string ToString() => $"content key {Id}";
}
