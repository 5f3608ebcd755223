using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Models;

/// <summary>Lists logical models with where they lead and what that costs now.</summary>
public sealed class ModelsQuery(IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    /// <summary>A page, oldest first.</summary>
    public async Task<Result<Page<ModelRow>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(
            context, actor, models => models.Where(m => from == null || m.Id > from).OrderBy(m => m.Id).Take(take + 1), cancellationToken);
        return PageSize.Page(rows, take, m => m.Id.ToString());
    }

    /// <summary>One model.</summary>
    public async Task<Result<ModelRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(context, actor, models => models.Where(m => m.Id == id), cancellationToken);
        return rows is [var row] ? row : new Failure.NotFound("model");
    }

    // Three narrow queries by key instead of one wide join: a page has few models, and prices are jsonb.
    private async Task<List<ModelRow>> RowsAsync(
        GatewayDbContext context, Actor actor, Func<IQueryable<LogicalModel>, IQueryable<LogicalModel>> page, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var standard = await context.Organisations.Where(o => o.Id == actor.OrganisationId).Select(o => o.DefaultModel).FirstOrDefaultAsync(cancellationToken);
        var models = await page(context.Models.AsNoTracking().Where(m => m.OrganisationId == actor.OrganisationId))
            .Include(m => m.Aliases).Include(m => m.Deployments).AsSplitQuery().ToListAsync(cancellationToken);
        var ids = models.SelectMany(m => m.Deployments).Select(d => d.DeploymentId).Distinct().ToArray();
        var deployments = await context.Deployments.Where(d => ids.Contains(d.Id))
            .Join(context.Providers, d => d.ProviderId, p => p.Id, (d, p) => new { d.Id, d.Name, Provider = p.Slug, d.UpstreamModel, d.IsEnabled })
            .ToDictionaryAsync(d => d.Id, cancellationToken);
        var prices = (await context.PriceVersions.AsNoTracking().Where(p => ids.Contains(p.DeploymentId) && p.ValidFrom <= now).ToListAsync(cancellationToken))
            .GroupBy(p => p.DeploymentId).ToDictionary(g => g.Key, g => g.OrderBy(p => p.ValidFrom).ThenBy(p => p.Id).Last().Components);

        return models.ConvertAll(m => new ModelRow
        {
            Id = m.Id, Name = m.Name, Description = m.Description, Strategy = m.Strategy, Quality = m.Quality, Cascade = m.Cascade, CreatedAt = m.CreatedAt,
            Aliases = [.. m.Aliases.Select(a => a.Name).Order(StringComparer.Ordinal)],
            IsDefault = standard is not null && (m.Name == standard || m.Aliases.Exists(a => a.Name == standard)),
            Deployments = [.. m.Deployments.OrderBy(d => d.Position).Where(d => deployments.ContainsKey(d.DeploymentId)).Select(d => new ModelRowDeployment
            {
                DeploymentId = d.DeploymentId, Weight = d.Weight, Name = deployments[d.DeploymentId].Name, Provider = deployments[d.DeploymentId].Provider,
                UpstreamModel = deployments[d.DeploymentId].UpstreamModel, IsEnabled = deployments[d.DeploymentId].IsEnabled,
                Price = prices.GetValueOrDefault(d.DeploymentId),
            })],
        });
    }
}
