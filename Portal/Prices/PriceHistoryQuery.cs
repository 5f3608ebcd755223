using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Prices;

/// <summary>The history of one deployment's price: what held from when to when, what it changed, who set it.</summary>
public sealed class PriceHistoryQuery(NpgsqlDataSource database, DeploymentsQuery deployments)
{
    /// <summary>A page, the latest beginning first; those that begin later stand in front.</summary>
    public async Task<Result<Page<PriceVersionRow>>> RunAsync(Actor actor, Guid deploymentId, string? after, int? limit, CancellationToken cancellationToken)
    {
        var deployment = await deployments.OneAsync(actor, deploymentId, cancellationToken);
        if (deployment.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var afterAt, out var afterId)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync("""
            select * from (
                select p.id, p.valid_from, p.components::text, p.created_by, p.created_at, p.source, lead(p.valid_from) over w as valid_until, lag(p.components) over w as before
                from price_versions p where p.organisation_id = @organisation and p.deployment_id = @deployment window w as (order by p.valid_from, p.id)
            ) v
            where @after_at::timestamptz is null or (v.valid_from, v.id) < (@after_at, @after_id)
            order by v.valid_from desc, v.id desc limit @limit
            """, r => new PriceVersionRow
            {
                Price = new()
                {
                    Id = r.GetGuid(0), DeploymentId = deploymentId, ValidFrom = r.GetFieldValue<DateTimeOffset>(1), Components = JsonSerializer.Deserialize(r.GetString(2), DataJson.Default.PriceComponents)!,
                    CreatedBy = r.GetString(3), CreatedAt = r.GetFieldValue<DateTimeOffset>(4), Source = r.GetString(5),
                },
                ValidUntil = r.Nullable<DateTimeOffset>(6), Before = r.Text(7) is { } before ? JsonSerializer.Deserialize(before, DataJson.Default.PriceComponents) : null,
            }, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("deployment", deploymentId), Sql.Time("after_at", afterAt), Sql.Id("after_id", afterId), Sql.Number("limit", take + 1));
        return PageSize.Page(rows, take, v => Cursor.Of(v.Price.ValidFrom, v.Price.Id));
    }
}
