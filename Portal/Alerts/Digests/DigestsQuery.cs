using System.Text.Json;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>Lists digests, newest first. For those who see the costs of the whole organisation.</summary>
public sealed class DigestsQuery(NpgsqlDataSource database)
{
    /// <summary>A page of them.</summary>
    public async Task<Result<Page<DigestRow>>> RunAsync(Actor actor, string? period, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync(
            "select id, made_at, document::text from alert_digests where organisation_id = @organisation and (@period::text is null or period = @period) and (@after::uuid is null or id < @after) order by id desc limit @limit",
            Row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Text("period", period), Sql.Id("after", from), Sql.Number("limit", take + 1));
        return PageSize.Page(rows, take, d => d.Id.ToString());
    }

    /// <summary>One of them.</summary>
    public async Task<Result<DigestRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refusal) return refusal;
        var rows = await database.ReadAsync("select id, made_at, document::text from alert_digests where organisation_id = @organisation and id = @id", Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var row] ? row : new Failure.NotFound("digest");
    }

    private static Failure? Refuse(Actor actor) => Permissions.Refuse(actor, Permission.SeeCosts)
        ?? (Permissions.Of(actor, Permission.SeeCosts) == Reach.Organisation ? null : new Failure.Forbidden("Your role may not see the costs of the whole organisation."));

    private static DigestRow Row(NpgsqlDataReader r) => new() { Id = r.GetGuid(0), MadeAt = r.GetFieldValue<DateTimeOffset>(1), Document = JsonSerializer.Deserialize(r.GetString(2), ApiJson.Default.DigestDocument)! };
}
