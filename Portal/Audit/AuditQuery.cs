using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Audit;

/// <summary>A change of configuration.</summary>
public sealed record AuditRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, e.g. <c>virtual_key.issue</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Kind of the thing changed.</summary>
    public required string TargetKind { get; init; }

    /// <summary>The thing changed.</summary>
    public required Guid TargetId { get; init; }

    /// <summary>The thing before, as JSON; null = it was created.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The thing after, as JSON; null = it was deleted.</summary>
    public JsonElement? After { get; init; }

    /// <summary>The revision it made.</summary>
    public required long Revision { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? RemoteAddress { get; init; }
}

/// <summary>What changes to list.</summary>
public sealed record AuditFilter
{
    /// <summary>Only changes of this thing.</summary>
    public Guid? TargetId { get; init; }

    /// <summary>Only changes of this kind of thing.</summary>
    public string? TargetKind { get; init; }

    /// <summary>Only changes by this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>The configuration audit, newest first; an operator sees the installation's too. A team lead sees what concerns the own teams and their keys.</summary>
public sealed class AuditQuery(NpgsqlDataSource database)
{
    /// <summary>A page.</summary>
    public async Task<Result<Page<AuditRow>>> RunAsync(Actor actor, AuditFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.ReadAudit);
        if (scope.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(filter.After, out var afterAt, out var afterId)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync("""
            select a.id, a.at, a.actor, a.action, a.target_kind, a.target_id, a.before::text, a.after::text, a.revision, a.remote_address
            from audit_entries a
            where (a.organisation_id = @organisation or (@installation and a.organisation_id = '00000000-0000-0000-0000-000000000000'))
                and (@scope_teams::uuid[] is null
                    or (a.target_kind = 'team' and a.target_id = any(@scope_teams))
                    or (a.target_kind = 'virtual_key' and a.target_id in (select k.id from virtual_keys k where k.team_id = any(@scope_teams))))
                and (@target::uuid is null or a.target_id = @target)
                and (@kind::text is null or a.target_kind = @kind)
                and (@actor::text is null or a.actor = @actor)
                and (@after_at::timestamptz is null or (a.at, a.id) < (@after_at, @after_id))
            order by a.at desc, a.id desc limit @limit
            """, Row, cancellationToken,
            [.. scope.Value.Parameters, new("installation", ScopeRights.IsOperator(actor)), Sql.Id("target", filter.TargetId), Sql.Text("kind", filter.TargetKind), Sql.Text("actor", filter.Actor),
                Sql.Time("after_at", afterAt), Sql.Id("after_id", afterId), Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, a => Cursor.Of(a.At, a.Id));
    }

    private static AuditRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), At = r.GetFieldValue<DateTimeOffset>(1), Actor = r.GetString(2), Action = r.GetString(3), TargetKind = r.GetString(4),
        TargetId = r.GetGuid(5), Before = Json(r.Text(6)), After = Json(r.Text(7)), Revision = r.GetInt64(8), RemoteAddress = r.Text(9),
    };

    private static JsonElement? Json(string? text)
    {
        if (text is null) return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
