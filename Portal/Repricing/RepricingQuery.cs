using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Repricing;

/// <summary>Lists re-pricings. For those who manage models.</summary>
public sealed class RepricingQuery(NpgsqlDataSource database)
{
    /// <summary>A page, newest first; of one deployment or of all.</summary>
    public async Task<Result<Page<RepricingJob>>> RunAsync(Actor actor, Guid? deploymentId, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync($"""
            select {RepricingJob.Columns} from repricing_jobs
            where organisation_id = @organisation and (@deployment::uuid is null or deployment_id = @deployment) and (@after::uuid is null or id < @after)
            order by id desc limit @limit
            """, RepricingJob.Of, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("deployment", deploymentId), Sql.Id("after", from), Sql.Number("limit", take + 1));
        return PageSize.Page(rows, take, j => j.Id.ToString());
    }

    /// <summary>One.</summary>
    public async Task<Result<RepricingJob>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var rows = await database.ReadAsync(
            $"select {RepricingJob.Columns} from repricing_jobs where organisation_id = @organisation and id = @id", RepricingJob.Of, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var row] ? row : new Failure.NotFound("re-pricing");
    }
}
