using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Audit.Chain;

/// <summary>Looks through the chain of an organisation's audit from its first entry to its last, and holds it against its seals. For those who read the whole audit.</summary>
public sealed class VerifyAudit(NpgsqlDataSource database, SecretBox box)
{
    /// <summary>Most faults that are told.</summary>
    public const int MaxFaults = 100;

    /// <summary>Looks through the actor's organisation.</summary>
    public async Task<Result<AuditVerification>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReadAudit) is { } refusal) return refusal;
        if (Permissions.Of(actor, Permission.ReadAudit) != Reach.Organisation) return new Failure.Forbidden("Your role sees a part of the audit only; the chain is verified as a whole.");
        return await OfAsync(actor.OrganisationId, cancellationToken);
    }

    /// <summary>Looks through one chain.</summary>
    /// <param name="organisation">Whose; null = the installation's own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<AuditVerification> OfAsync(Guid? organisation, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Entries and seals of one moment.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var seals = await SealsAsync(connection, organisation, cancellationToken);
        var faults = new List<AuditFault>();
        var (entries, last, next, sealsFit, sealedTo, sealedAt) = (0L, Array.Empty<byte>(), 0, 0L, (long?)null, (DateTimeOffset?)null);
        var seq = 0L;
        await using (var command = Command(connection, $"select a.seq, a.id, a.hash, {AuditChain.Said} from audit_entries a where a.organisation_id is not distinct from @organisation order by a.seq", organisation))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                entries++;
                var (number, id, hash) = (reader.GetInt64(0), reader.GetGuid(1), reader.GetFieldValue<byte[]>(2));
                if (number != seq + 1) Fault(number, null, number - seq == 2 ? $"Entry {seq + 1} is missing." : $"Entries {seq + 1} to {number - 1} are missing.");
                else if (!AuditChain.Next(last, reader.GetString(3)).AsSpan().SequenceEqual(hash)) Fault(number, id, "It does not say what was written, or the entry before it does not.");
                (seq, last) = (number, hash);
                for (; next < seals.Count && seals[next].Seal.Seq <= number; next++) Hold(seals[next]);
            }
        }
        for (; next < seals.Count; next++) Fault(seals[next].Seal.Seq, null, $"A seal vouches for {seals[next].Seal.Seq} entries, and there are {seq}: the last ones are missing.");
        return new AuditVerification
        {
            Entries = entries, Head = entries == 0 ? null : Convert.ToHexStringLower(last), Seals = sealsFit, SealedTo = sealedTo, SealedAt = sealedAt, Faults = faults,
        };

        void Hold((AuditSeal Seal, byte[] Signature) one)
        {
            if (!AuditChain.IsGenuine(box, one.Seal, one.Signature)) Fault(one.Seal.Seq, null, "The seal at this entry was not made by a portal with this master key or one before it.");
            else if (one.Seal.Seq != seq || !one.Seal.Hash.AsSpan().SequenceEqual(last)) Fault(one.Seal.Seq, null, "The chain is another one than the seal at this entry vouches for.");
            else (sealsFit, sealedTo, sealedAt) = (sealsFit + 1, one.Seal.Seq, one.Seal.At);
        }

        void Fault(long at, Guid? id, string message)
        {
            if (faults.Count < MaxFaults) faults.Add(new(at, id, message));
        }
    }

    private static async Task<List<(AuditSeal Seal, byte[] Signature)>> SealsAsync(NpgsqlConnection connection, Guid? organisation, CancellationToken cancellationToken)
    {
        var seals = new List<(AuditSeal, byte[])>();
        await using var command = Command(connection, "select seq, hash, at, signature from audit_seals where organisation_id is not distinct from @organisation order by seq", organisation);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            seals.Add((new(organisation, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2)), reader.GetFieldValue<byte[]>(3)));
        return seals;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Guid? organisation) =>
        new(sql, connection) { CommandTimeout = 0, Parameters = { new("organisation", NpgsqlDbType.Uuid) { Value = (object?)organisation ?? DBNull.Value } } };
}
