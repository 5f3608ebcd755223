using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>A token that works.</summary>
/// <param name="Id">The token.</param>
/// <param name="OrganisationId">Where it works.</param>
/// <param name="Person">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="ExpiresAt">When it stops working.</param>
public sealed record LiveToken(Guid Id, Guid OrganisationId, Person Person, string Name, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);

/// <summary>Finds tokens that work, by secret or id.</summary>
public sealed class AccessTokenLookup(NpgsqlDataSource database, TimeProvider clock)
{
    // Use is noted this often at most.
    private static readonly TimeSpan s_touch = TimeSpan.FromMinutes(1);

    /// <summary>The token of a secret, when it works; notes that it was used.</summary>
    public async Task<(Guid Id, string Owner)?> UseAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length > VirtualKeySecret.MaxLength) return null;
        var now = clock.GetUtcNow();
        var rows = await database.ReadAsync("""
            select t.id, i.email, t.last_used_at from access_tokens t join identities i on i.id = t.identity_id
            where t.secret_hash = @hash and t.revoked_at is null and t.expires_at > @now
            """,
            r => (Id: r.GetGuid(0), Owner: r.GetString(1), Used: r.Nullable<DateTimeOffset>(2)), cancellationToken,
            new("hash", NpgsqlDbType.Bytea) { Value = VirtualKeySecret.Hash(secret) }, Sql.Time("now", now));
        if (rows is not [var row]) return null;
        if (row.Used is null || now - row.Used >= s_touch)
        {
            await using var command = database.CreateCommand("update access_tokens set last_used_at = $1 where id = $2");
            command.Parameters.Add(new() { Value = now });
            command.Parameters.Add(new() { Value = row.Id });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        return (row.Id, row.Owner);
    }

    /// <summary>The token, when it works still.</summary>
    public async Task<LiveToken?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync("""
            select t.id, t.organisation_id, t.name, t.scopes, t.expires_at, i.id, i.issuer, i.email, i.claims
            from access_tokens t join identities i on i.id = t.identity_id where t.id = @id and t.revoked_at is null and t.expires_at > @now
            """,
            r => new LiveToken(
                r.GetGuid(0), r.GetGuid(1), new(r.GetGuid(5), r.GetString(6), r.GetString(7), r.GetFieldValue<string[]>(8)), r.GetString(2), r.GetFieldValue<string[]>(3),
                r.GetFieldValue<DateTimeOffset>(4)),
            cancellationToken, Sql.Id("id", id), Sql.Time("now", clock.GetUtcNow()));
        return rows is [var row] ? row : null;
    }
}
