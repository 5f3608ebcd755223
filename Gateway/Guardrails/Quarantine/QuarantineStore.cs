using AspireGateway.Shared.Domain.Guardrails;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Guardrails.Quarantine;

/// <summary>Quarantined requests in Postgres. Each call is one statement, so that several gateways and portals agree.</summary>
internal sealed class QuarantineStore(NpgsqlDataSource source)
{
    // A caller who repeats a request that waits gets the ticket that it has. A released one is told as well, so that it is used instead of asked for again.
    private const string Keep = """
        with same as (
            select id, deadline, state from quarantined_requests
            where key_id = $4 and body_hash = any($14) and (state = 'pending' or (state = 'released' and used_at is null and valid_until > $16))
            order by id desc limit 1),
        kept as (
            insert into quarantined_requests (id, organisation_id, team_id, key_id, record_id, operation, model, user_id, feature, agent, guardrails,
                finding_types, finding_counts, body_hash, body_bytes, payload, created_at, deadline)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14[1], $15, $17, $16, $18
            where not exists (select from same)
                and (select count(*) from (select from quarantined_requests where organisation_id = $2 and state = 'pending' limit $19) waiting) < $19
            on conflict (key_id, body_hash) where state = 'pending' do nothing
            returning id, deadline, state)
        select id, deadline, state from same union all select id, deadline, state from kept
        """;

    // The outer query still sees the row as it was before.
    private const string Use = """
        with used as (
            update quarantined_requests set used_at = $5, payload = null
            where id = $1 and organisation_id = $2 and key_id = $3 and body_hash = any($4) and guardrails @> $6 and state = 'released' and used_at is null and valid_until > $5
            returning id)
        select state, body_hash = any($4), guardrails @> $6, used_at, valid_until, deadline, exists (select from used)
        from quarantined_requests where id = $1 and organisation_id = $2 and key_id = $3
        """;

    /// <summary>Keeps a request, or finds the ticket that it has; null = too many of the organisation wait.</summary>
    public async Task<KeptTicket?> KeepAsync(QuarantinedRequest request, byte[][] fingerprints, int maxPending, CancellationToken cancellationToken)
    {
        // Where another gateway kept the same one at the same moment, the second look finds it.
        return await TryKeepAsync(request, fingerprints, maxPending, cancellationToken) ?? await TryKeepAsync(request, fingerprints, maxPending, cancellationToken);
    }

    /// <summary>Uses a ticket, if it is one that can be used for this request.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="organisation">The caller's organisation.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="request">What it is to be used for.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What the ticket was; null = the key has no such ticket.</returns>
    public async Task<TicketState?> UseAsync(Guid ticket, Guid organisation, Guid key, KeptRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Use);
        Add(command, ticket);
        Add(command, organisation);
        Add(command, key);
        Add(command, request.Fingerprints);
        Add(command, now.ToUniversalTime());
        Add(command, request.Guardrails);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), !reader.IsDBNull(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetBoolean(6));
    }

    private async Task<KeptTicket?> TryKeepAsync(QuarantinedRequest request, byte[][] fingerprints, int maxPending, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Keep);
        Add(command, request.Id);
        Add(command, request.OrganisationId);
        Add(command, request.TeamId);
        Add(command, request.KeyId);
        Add(command, request.RecordId);
        Add(command, request.Operation);
        Add(command, request.Model);
        AddText(command, request.UserId);
        AddText(command, request.Feature);
        AddText(command, request.Agent);
        Add(command, request.Guardrails);
        Add(command, request.FindingTypes);
        Add(command, request.FindingCounts);
        Add(command, fingerprints);
        Add(command, request.BodyBytes);
        Add(command, request.CreatedAt.ToUniversalTime());
        Add(command, request.Payload!);
        Add(command, request.Deadline.ToUniversalTime());
        Add(command, maxPending);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2) == QuarantineStates.Released) : null;
    }

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static void AddText(NpgsqlCommand command, string? value) => command.Parameters.Add(new NpgsqlParameter { Value = value is null ? DBNull.Value : value, NpgsqlDbType = NpgsqlDbType.Text });
}

/// <summary>The ticket that a request has.</summary>
/// <param name="Id">The ticket.</param>
/// <param name="Deadline">When it counts as rejected.</param>
/// <param name="IsReleased">Whether it was released already.</param>
internal sealed record KeptTicket(Guid Id, DateTimeOffset Deadline, bool IsReleased);

/// <summary>What a ticket was when a caller showed it.</summary>
/// <param name="State">Of <see cref="QuarantineStates"/>.</param>
/// <param name="IsSameBody">Whether it is about this request.</param>
/// <param name="CoversGuardrails">Whether it is about all guardrails that would keep this request.</param>
/// <param name="WasUsed">Whether it was used before.</param>
/// <param name="ValidUntil">Until when it can be used; null = it was not released.</param>
/// <param name="Deadline">When it counts as rejected.</param>
/// <param name="IsUsed">Whether it is used now.</param>
internal sealed record TicketState(string State, bool IsSameBody, bool CoversGuardrails, bool WasUsed, DateTimeOffset? ValidUntil, DateTimeOffset Deadline, bool IsUsed);
