using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.SignIns;

/// <summary>
/// Sessions of the portal. The cookie only names one; whether it stands is asked of the database each time, so that signing out, idling and the end of its time hold on every replica and in pages that are
/// still open.
/// </summary>
public sealed class Sessions(NpgsqlDataSource database, SecretBox box, SessionSettings settings, TimeProvider clock)
{
    // Use is noted this often at most: a page that loads many parts writes once.
    private static readonly TimeSpan s_touch = TimeSpan.FromSeconds(30);

    // How long ended sessions are kept.
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(7);

    /// <summary>Opens one.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="local">True for who came in by the local host's link.</param>
    /// <param name="idToken">The provider's ID token, which it wants to see again when the person signs out; kept sealed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Guid> OpenAsync(Guid identity, bool local, string? idToken, CancellationToken cancellationToken)
    {
        var (id, now) = (Guid.NewGuid(), clock.GetUtcNow());
        var (idle, absolute) = local ? (SessionSettings.Local, SessionSettings.Local) : (settings.Idle, settings.Absolute);
        await using var command = database.CreateCommand("""
            with swept as (delete from portal_sessions where expires_at < @sweep)
            insert into portal_sessions (id, identity_id, id_token_envelope, created_at, seen_at, idle_seconds, expires_at) values (@id, @identity, @token, @now, @now, @idle, @expires)
            """);
        command.Parameters.AddRange(new[]
        {
            Sql.Id("id", id), Sql.Id("identity", identity), Sql.Time("now", now), Sql.Time("expires", now + absolute), Sql.Time("sweep", now - s_keep),
            new NpgsqlParameter("idle", (int)idle.TotalSeconds),
            new NpgsqlParameter("token", NpgsqlDbType.Bytea) { Value = idToken is null ? DBNull.Value : box.Seal(idToken, id) },
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>The session, when it stands.</summary>
    /// <param name="id">As the cookie says.</param>
    /// <param name="use">Whether somebody uses it now; false only asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Session?> FindAsync(Guid id, bool use, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await database.ReadAsync("""
            select s.id, i.id, i.issuer, i.email, i.claims, s.organisation_id, s.seen_at
            from portal_sessions s join identities i on i.id = s.identity_id
            where s.id = @id and s.ended_at is null and s.expires_at > @now and s.seen_at + make_interval(secs => s.idle_seconds) > @now
            """,
            r => (Session: new Session(r.GetGuid(0), new(r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetFieldValue<string[]>(4)), r.Nullable<Guid>(5)), Seen: r.GetFieldValue<DateTimeOffset>(6)),
            cancellationToken, Sql.Id("id", id), Sql.Time("now", now));
        if (rows is not [var row]) return null;
        if (use && now - row.Seen >= s_touch) await ExecuteAsync("update portal_sessions set seen_at = @now where id = @id and seen_at < @now", cancellationToken, Sql.Id("id", id), Sql.Time("now", now));
        return row.Session;
    }

    /// <summary>Ends it, whatever pages are still open.</summary>
    /// <returns>The provider's ID token, where there is one.</returns>
    public async Task<string?> EndAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            "update portal_sessions set ended_at = @now where id = @id and ended_at is null returning id_token_envelope",
            r => r.IsDBNull(0) ? null : r.GetFieldValue<byte[]>(0), cancellationToken, Sql.Id("id", id), Sql.Time("now", clock.GetUtcNow()));
        return rows is [{ } envelope] ? box.Open(envelope, id) : null;
    }

    /// <summary>Chooses the organisation that pages opened from now on act in. Whether the person may is asked at each use.</summary>
    public Task ChooseAsync(Guid id, Guid organisation, CancellationToken cancellationToken) =>
        ExecuteAsync("update portal_sessions set organisation_id = @organisation where id = @id", cancellationToken, Sql.Id("id", id), Sql.Id("organisation", organisation));

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
