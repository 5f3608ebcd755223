using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Prices;

/// <summary>Lists prices with their history.</summary>
public sealed class PricesQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, last set first; of one deployment or of all.</summary>
    public async Task<Result<Page<PriceDetails>>> RunAsync(Actor actor, Guid? deploymentId, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.PriceVersions.AsNoTracking()
            .Where(p => p.OrganisationId == actor.OrganisationId && (deploymentId == null || p.DeploymentId == deploymentId) && (from == null || p.Id < from))
            .OrderByDescending(p => p.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(PriceDetails.Of), take, p => p.Id.ToString());
    }
}
