using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Shared.Data;

namespace AspireGateway.Portal.Audit.Chain;

/// <summary>
/// How audit entries hang together: each holds SHA-256 of the hash before it and of what it says, so that none can be changed, taken out or put in between without the next one telling. Whoever could write all of
/// them anew is stopped by seals: now and then a portal signs where a chain stands, with a key that is not in the database.
/// </summary>
internal static class AuditChain
{
    /// <summary>What an entry says, as SQL over the alias <c>a</c>; the same as the function of the database, which is not relied on: whoever changes entries could change it too.</summary>
    public const string Said = """
        jsonb_build_array(a.seq, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.organisation_id, a.actor, a.action, a.target_kind, a.target_id, a.before, a.after,
            a.revision, a.remote_address, a.undoes)::text
        """;

    private const string Purpose = "audit-seal";

    /// <summary>The hash of an entry.</summary>
    /// <param name="before">That of the entry before; empty = it is the first.</param>
    /// <param name="said">What it says.</param>
    public static byte[] Next(ReadOnlySpan<byte> before, string said)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        hash.AppendData(Encoding.UTF8.GetBytes(said));
        return hash.GetHashAndReset();
    }

    /// <summary>Signs where a chain stands.</summary>
    public static byte[] Sign(SecretBox box, AuditSeal seal) => box.Sign(Content(seal), Purpose);

    /// <summary>Whether a seal was signed by a portal of this installation.</summary>
    public static bool IsGenuine(SecretBox box, AuditSeal seal, ReadOnlySpan<byte> signature) => box.IsSigned(Content(seal), Purpose, signature);

    private static byte[] Content(AuditSeal seal)
    {
        var content = new byte[16 + 8 + 8 + seal.Hash.Length];
        (seal.OrganisationId ?? Guid.Empty).TryWriteBytes(content);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(16), seal.Seq);
        // Postgres keeps microseconds.
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(24), seal.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        seal.Hash.CopyTo(content.AsSpan(32));
        return content;
    }
}

/// <summary>Where a chain stood at a moment.</summary>
/// <param name="OrganisationId">Whose; null = the installation's own.</param>
/// <param name="Seq">The number of its last entry then.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="At">When it was signed.</param>
internal sealed record AuditSeal(Guid? OrganisationId, long Seq, byte[] Hash, DateTimeOffset At);
