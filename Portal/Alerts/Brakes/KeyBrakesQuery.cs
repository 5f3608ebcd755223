using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>What policies did to a key.</summary>
public sealed record KeyBrakeRow : KeyBrakeDetails
{
    /// <summary>The key's name.</summary>
    public required string ScopeName { get; init; }
}

/// <summary>Lists what policies did, newest first, of the keys that somebody sees.</summary>
public sealed class KeyBrakesQuery(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>A page.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="key">Only of this key; null = of every one.</param>
    /// <param name="active">True = what holds now; false = what is over; null = both.</param>
    /// <param name="after">The page before's <c>next</c>.</param>
    /// <param name="limit">Rows of a page; at most 200.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<Page<KeyBrakeRow>>> RunAsync(Actor actor, Guid? key, bool? active, string? after, int? limit, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeKeys);
        if (scope.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync($"""
            select {KeyBrakeDetails.Columns}, k.name from key_brakes b join virtual_keys k on k.id = b.key_id
            where b.organisation_id = @organisation and (@scope_teams::uuid[] is null or k.team_id = any(@scope_teams)) and (@scope_owner::uuid is null or k.owner_id = @scope_owner)
                and (@key::uuid is null or b.key_id = @key) and (@active::boolean is null or ({KeyBrakeDetails.Holds}) = @active) and (@after::uuid is null or b.id < @after)
            order by b.id desc limit @limit
            """, Row, cancellationToken,
            [
                .. scope.Value.Parameters, Sql.Id("key", key), new NpgsqlParameter("active", NpgsqlTypes.NpgsqlDbType.Boolean) { Value = (object?)active ?? DBNull.Value }, Sql.Id("after", from),
                Sql.Number("limit", take + 1), Sql.Time("now", clock.GetUtcNow()),
            ]);
        return PageSize.Page(rows, take, b => b.Id.ToString());
    }

    private static KeyBrakeRow Row(NpgsqlDataReader r)
    {
        var b = KeyBrakeDetails.Row(r);
        return new()
        {
            Id = b.Id, ScopeId = b.ScopeId, AlertId = b.AlertId, Kind = b.Kind, RequestsPerMinute = b.RequestsPerMinute, Reason = b.Reason, CreatedAt = b.CreatedAt, Until = b.Until, EndedAt = b.EndedAt,
            EndedBy = b.EndedBy, ScopeName = r.GetString(10),
        };
    }
}
