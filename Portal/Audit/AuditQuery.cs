using System.Runtime.CompilerServices;
using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Audit;

/// <summary>The configuration audit, newest first; an operator sees the installation's too. A team lead sees what concerns the own teams and their keys, a platform engineer what they changed themselves.</summary>
public sealed class AuditQuery(NpgsqlDataSource database)
{
    private const int MaxText = 200;

    private const string Columns = """
        a.id, a.at, a.actor, a.action, a.target_kind, a.target_id, a.before::text, a.after::text, a.revision, a.remote_address, a.target_name, a.undoes,
        (select u.id from audit_entries u where u.undoes = a.id order by u.revision limit 1), a.seq, encode(a.hash, 'hex')
        """;

    private const string Visible = """
        (a.organisation_id = @organisation or (@installation and a.organisation_id = '00000000-0000-0000-0000-000000000000'))
            and (@scope_teams::uuid[] is null
                or (a.target_kind = 'team' and a.target_id = any(@scope_teams))
                or (a.target_kind = 'virtual_key' and a.target_id in (select k.id from virtual_keys k where k.team_id = any(@scope_teams))))
            and (@own::text is null or a.actor = @own or starts_with(a.actor, @own || ' (token '))
        """;

    private const string Filtered = $"""
        {Visible}
            and (@from::timestamptz is null or a.at >= @from)
            and (@to::timestamptz is null or a.at < @to)
            and (@target::uuid is null or a.target_id = @target)
            and (@name::text is null or lower(a.target_name) like @name)
            and (@kind::text is null or a.target_kind = @kind)
            and (@action::text is null or a.action like @action)
            and (@actor::text is null or lower(a.actor) like @actor)
            and (@after_at::timestamptz is null or (a.at, a.id) < (@after_at, @after_id))
        """;

    /// <summary>A page.</summary>
    public async Task<Result<Page<AuditRow>>> RunAsync(Actor actor, AuditFilter filter, CancellationToken cancellationToken)
    {
        var values = Values(actor, Permission.ReadAudit, filter);
        if (values.Failure is { } refusal) return refusal;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync(
            $"select {Columns} from audit_entries a where {Filtered} order by a.at desc, a.id desc limit @limit", Row, cancellationToken, [.. values.Value, Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, a => Cursor.Of(a.At, a.Id));
    }

    /// <summary>One change.</summary>
    public Task<Result<AuditRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken) => FindAsync(actor, "a.id = @id", id, cancellationToken);

    /// <summary>The change that took this one back.</summary>
    public Task<Result<AuditRow>> UndoOfAsync(Actor actor, Guid id, CancellationToken cancellationToken) => FindAsync(actor, "a.undoes = @id", id, cancellationToken);

    /// <summary>Where an export of so many rows ends; null = it holds all.</summary>
    internal async Task<Result<ExportEnd>> EndAsync(Actor actor, AuditFilter filter, int most, CancellationToken cancellationToken)
    {
        var values = Values(actor, Permission.ExportAudit, filter);
        if (values.Failure is { } refusal) return refusal;
        var last = await database.ReadAsync(
            $"select a.at, a.id from audit_entries a where {Filtered} order by a.at desc, a.id desc offset @offset limit 2",
            r => Cursor.Of(r.GetFieldValue<DateTimeOffset>(0), r.GetGuid(1)), cancellationToken, [.. values.Value, Sql.Number("offset", most - 1)]);
        return new ExportEnd(last.Count > 1 ? last[0] : null);
    }

    /// <summary>The rows one by one, newest first; ask <see cref="EndAsync"/> first, which checks the right.</summary>
    internal async IAsyncEnumerable<AuditRow> StreamAsync(Actor actor, AuditFilter filter, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var values = Values(actor, Permission.ExportAudit, filter);
        await using var command = database.CreateCommand($"select {Columns} from audit_entries a where {Filtered} order by a.at desc, a.id desc limit @limit");
        command.Parameters.AddRange((NpgsqlParameter[])[.. values.Value, Sql.Number("limit", most)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return Row(reader);
    }

    private async Task<Result<AuditRow>> FindAsync(Actor actor, string condition, Guid id, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.ReadAudit);
        if (scope.Failure is { } refusal) return refusal;
        var rows = await database.ReadAsync(
            $"select {Columns} from audit_entries a where {condition} and {Visible} order by a.revision, a.id limit 1", Row, cancellationToken,
            [.. scope.Value.Parameters, new("installation", ScopeRights.IsOperator(actor)), Own(actor, Permission.ReadAudit), Sql.Id("id", id)]);
        return rows is [var row] ? row : new Failure.NotFound("change");
    }

    private static Result<NpgsqlParameter[]> Values(Actor actor, Permission permission, AuditFilter filter)
    {
        var scope = Scope.Of(actor, permission);
        if (scope.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(filter.After, out var afterAt, out var afterId)) return Cursor.Fault;
        var checks = new FieldChecks();
        var name = checks.Optional("target", filter.Target, MaxText);
        var action = checks.Optional("action", filter.Action, MaxText);
        var who = checks.Optional("actor", filter.Actor, MaxText);
        checks.Must(filter.From is null || filter.To is null || filter.From < filter.To, "from", "from must be before to.");
        if (checks.Failure is { } faults) return faults;
        Guid? id = Guid.TryParse(name, out var parsed) ? parsed : null;
        return (NpgsqlParameter[])
        [
            .. scope.Value.Parameters, new("installation", ScopeRights.IsOperator(actor)), Own(actor, permission), Sql.Time("from", filter.From), Sql.Time("to", filter.To),
            Sql.Id("target", filter.TargetId ?? id), Sql.Text("name", id is null ? Begins(name) : null), Sql.Text("kind", string.IsNullOrWhiteSpace(filter.TargetKind) ? null : filter.TargetKind),
            Sql.Text("action", Actions(action)), Sql.Text("actor", Begins(who)), Sql.Time("after_at", afterAt), Sql.Id("after_id", afterId),
        ];
    }

    // By name, in the portal or by one of their tokens: that is how entries name who made a change.
    private static NpgsqlParameter Own(Actor actor, Permission permission) => Sql.Text("own", Permissions.Of(actor, permission) == Reach.Own ? actor.Name : null);

    private static string? Begins(string? text) => text is null ? null : Sql.BeginsWith(text.ToLowerInvariant());

    private static string? Actions(string? action)
    {
        if (action is null) return null;
        var escaped = Sql.BeginsWith(action);
        if (action[0] == '.') return $"%{escaped[..^1]}";
        return action[^1] == '.' ? escaped : escaped[..^1];
    }

    private static AuditRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), At = r.GetFieldValue<DateTimeOffset>(1), Actor = r.GetString(2), Action = r.GetString(3), TargetKind = r.GetString(4),
        TargetId = r.GetGuid(5), Before = Json(r.Text(6)), After = Json(r.Text(7)), Revision = r.GetInt64(8), RemoteAddress = r.Text(9),
        TargetName = r.Text(10), Undoes = r.Nullable<Guid>(11), UndoneBy = r.Nullable<Guid>(12), Seq = r.GetInt64(13), Hash = r.GetString(14),
    };

    private static JsonElement? Json(string? text)
    {
        if (text is null) return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

/// <summary>Where an export ends.</summary>
/// <param name="Next">Pass it as <c>after</c> to go on; null = nothing is left.</param>
internal sealed record ExportEnd(string? Next);
