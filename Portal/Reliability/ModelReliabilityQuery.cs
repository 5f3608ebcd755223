using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Reliability;

/// <summary>How hard each model tries, and where its requests go. For all who see models.</summary>
public sealed class ModelReliabilityQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, oldest model first.</summary>
    public async Task<Result<Page<ModelReliabilityDetails>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var models = await context.Models.AsNoTracking().Where(m => m.OrganisationId == actor.OrganisationId && (from == null || m.Id > from))
            .OrderBy(m => m.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(models.ConvertAll(ModelReliabilityDetails.Of), take, m => m.ModelId.ToString());
    }
}
