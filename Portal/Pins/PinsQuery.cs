using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Pins;

/// <summary>Lists pins, newest first.</summary>
public sealed class PinsQuery(NpgsqlDataSource database)
{
    private const string Name = $"case s.scope_kind when 'rule' then (select r.name from routing_rules r where r.id = s.scope_id::uuid) else ({ScopeSight.Name}) end";

    private const string Select = $"""
        select s.id, s.scope_kind, s.scope_id, s.model, s.deployment_id, s.version, s.served_as, s.on_unavailable, s.created_at, s.created_by, d.name, {Name}, e.at, e.served
        from pins s join deployments d on d.id = s.deployment_id
        left join lateral (
            select m.at, m.detail ->> 'served' as served from steering_events m where m.subject_id = s.id and m.type = 'pin.mismatch' and m.at > now() - interval '30 days' order by m.at desc limit 1
        ) e on true
        where s.organisation_id = @organisation
        """;

    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<PinRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        var rows = await database.ReadAsync(
            $"{Select} and (@after::uuid is null or s.id < @after) order by s.id desc limit @limit", Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, p => p.Id.ToString());
    }

    /// <summary>One pin.</summary>
    public async Task<Result<PinRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and s.id = @id", Row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var row] ? row : new Failure.NotFound("pin");
    }

    private static PinRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Model = r.GetString(3), DeploymentId = r.GetGuid(4), Version = r.GetString(5), ServedAs = r.Text(6),
        OnUnavailable = r.GetString(7), CreatedAt = r.GetFieldValue<DateTimeOffset>(8), CreatedBy = r.GetString(9), Deployment = r.GetString(10), ScopeName = r.Text(11),
        MismatchAt = r.Nullable<DateTimeOffset>(12), MismatchServed = r.Text(13),
    };
}
