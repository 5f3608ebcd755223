using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Audit.Chain;

/// <summary>Signs, once a minute, where each chain stands that has new entries. Any number of portals may: one seal of a place is enough. The log tells each, so that who keeps logs elsewhere can hold a chain against them.</summary>
internal sealed partial class SealAudit(NpgsqlDataSource database, SecretBox box, TimeProvider clock, ILogger<SealAudit> logger) : StoreWorker("Sealing the audit", Every, clock, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    /// <summary>Seals what is new.</summary>
    /// <returns>How many chains were.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        // The last entry of each chain by its index, and not by reading them all.
        var open = await database.ReadAsync("""
            select o.id, l.seq, l.hash from (select id from organisations union all select '00000000-0000-0000-0000-000000000000' union all select null) o (id)
            cross join lateral (select a.seq, a.hash from audit_entries a where a.organisation_id is not distinct from o.id order by a.seq desc limit 1) l
            where l.seq > coalesce((select max(s.seq) from audit_seals s where s.organisation_id is not distinct from o.id), 0)
            """, r => new AuditSeal(r.Nullable<Guid>(0), r.GetInt64(1), r.GetFieldValue<byte[]>(2), now), cancellationToken);
        foreach (var seal in open)
        {
            await using var command = database.CreateCommand("insert into audit_seals (organisation_id, seq, hash, at, signature) values ($1, $2, $3, $4, $5) on conflict do nothing");
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)seal.OrganisationId ?? DBNull.Value });
            command.Parameters.Add(new() { Value = seal.Seq });
            command.Parameters.Add(new() { Value = seal.Hash });
            command.Parameters.Add(new() { Value = seal.At.ToUniversalTime() });
            command.Parameters.Add(new() { Value = AuditChain.Sign(box, seal) });
            if (await command.ExecuteNonQueryAsync(cancellationToken) > 0) Log.Sealed(logger, seal.OrganisationId, seal.Seq, Convert.ToHexStringLower(seal.Hash));
        }
        return open.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The audit of organisation {Organisation} is sealed to entry {Seq}, hash {Hash}")]
        public static partial void Sealed(ILogger logger, Guid? organisation, long seq, string hash);
    }
}
