using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Keys;

/// <summary>What to list.</summary>
public sealed record KeysFilter
{
    /// <summary>What the name begins with, whatever the case; or what the secret begins with (<c>agw-...</c>; of it only the shown part is used).</summary>
    public string? Search { get; init; }

    /// <summary>Only keys of this team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Only keys in this state; of <see cref="KeyStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>Lists virtual keys, newest first, however many there are.</summary>
public sealed class KeysQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private readonly BrakeBook brakes = new(database, clock);

    private const string Columns = """
        select k.id, k.team_id, k.owner_id, k.name, k.prefix, k.allowed_models, k.default_model, k.feature, k.max_body_bytes, k.max_multipart_bytes,
            k.expires_at, k.revoked_at, k.rotated_from_id, k.created_at, k.created_by, t.name, a.last_used_at,
            k.user_id, k.agent, k.priority, k.hold_policy, k.approval_threshold_nano_usd, k.approval_action, k.approval_model, k.allowed_regions, k.guardrail_level
        """;

    private const string Joins = "join teams t on t.id = k.team_id left join key_activity a on a.key_id = k.id";

    private const string Seen = """
        k.organisation_id = @organisation
        and (@scope_teams::uuid[] is null or k.team_id = any(@scope_teams))
        and (@scope_owner::uuid is null or k.owner_id = @scope_owner)
        """;

    /// <summary>A page of the keys that the actor may see.</summary>
    public async Task<Result<Page<KeyRow>>> RunAsync(Actor actor, KeysFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeKeys);
        if (scope.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var state = string.IsNullOrEmpty(filter.State) ? "true" : KeyStates.Condition(filter.State);
        if (state is null) return new Failure.Invalid([new("state", $"state is one of {string.Join(", ", KeyStates.All)}.")]);
        var (name, prefix) = Search(filter.Search);
        var limit = PageSize.Of(filter.Limit);
        var now = clock.GetUtcNow();

        // The page is cut before the joins, so that they touch its rows only.
        var rows = await database.ReadAsync($"""
            {Columns}
            from (
                select * from virtual_keys k
                where {Seen}
                    and (@team::uuid is null or k.team_id = @team)
                    and (@name::text is null or lower(k.name) like @name)
                    and (@prefix::text is null or k.prefix like @prefix)
                    and (@after::uuid is null or k.id < @after)
                    and {state}
                order by k.id desc limit @limit
            ) k {Joins}
            order by k.id desc
            """, r => Row(r, now), cancellationToken,
            [.. scope.Value.Parameters, Sql.Id("team", filter.TeamId), Sql.Text("name", name), Sql.Text("prefix", prefix),
                Sql.Id("after", after), Sql.Number("limit", limit + 1), Sql.Time("now", now)]);
        var page = PageSize.Page(rows, limit, k => k.Id.ToString());
        return page with { Items = await WithBrakesAsync(page.Items, cancellationToken) };
    }

    /// <summary>One key.</summary>
    public async Task<Result<KeyRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeKeys);
        if (scope.Failure is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var rows = await database.ReadAsync(
            $"{Columns} from virtual_keys k {Joins} where {Seen} and k.id = @id", r => Row(r, now), cancellationToken,
            [.. scope.Value.Parameters, Sql.Id("id", id)]);
        return rows is [_] ? (await WithBrakesAsync(rows, cancellationToken))[0] : new Failure.NotFound("key");
    }

    private async Task<IReadOnlyList<KeyRow>> WithBrakesAsync(IReadOnlyList<KeyRow> keys, CancellationToken cancellationToken)
    {
        var held = await brakes.OfKeysAsync([.. keys.Select(k => k.Id)], cancellationToken);
        return held.Count == 0 ? keys : [.. keys.Select(k => held.TryGetValue(k.Id, out var brake) ? k with { Anomaly = brake } : k)];
    }

    // Of a pasted secret no more goes into the query than lists show anyway.
    private static (string? Name, string? Prefix) Search(string? search)
    {
        var text = search?.Trim();
        if (string.IsNullOrEmpty(text)) return (null, null);
        return text.StartsWith(VirtualKeySecret.Marker, StringComparison.Ordinal)
            ? (null, Sql.BeginsWith(VirtualKeySecret.PrefixOf(text)))
            : (Sql.BeginsWith(text.ToLowerInvariant()), null);
    }

    private static KeyRow Row(NpgsqlDataReader r, DateTimeOffset now)
    {
        var (expires, revoked) = (r.Nullable<DateTimeOffset>(10), r.Nullable<DateTimeOffset>(11));
        return new()
        {
            Id = r.GetGuid(0), TeamId = r.GetGuid(1), OwnerId = r.Nullable<Guid>(2), Name = r.GetString(3), Prefix = r.GetString(4),
            AllowedModels = r.GetFieldValue<string[]>(5), DefaultModel = r.Text(6), Feature = r.Text(7),
            MaxBodyBytes = r.Nullable<long>(8), MaxMultipartBytes = r.Nullable<long>(9), ExpiresAt = expires, RevokedAt = revoked,
            RotatedFromId = r.Nullable<Guid>(12), CreatedAt = r.GetFieldValue<DateTimeOffset>(13), CreatedBy = r.GetString(14),
            TeamName = r.GetString(15), LastUsedAt = r.Nullable<DateTimeOffset>(16), State = KeyStates.Of(revoked, expires, now),
            UserId = r.Text(17), Agent = r.Text(18), Priority = r.GetString(19), HoldPolicy = r.GetString(20), ApprovalThresholdNanoUsd = r.Nullable<long>(21),
            ApprovalAction = r.Text(22), ApprovalModel = r.Text(23), AllowedRegions = r.GetFieldValue<string[]>(24), GuardrailLevel = r.Text(25),
        };
    }
}
