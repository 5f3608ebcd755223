using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Providers;

/// <summary>Lists the organisation's providers.</summary>
public sealed class ProvidersQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, oldest first.</summary>
    public async Task<Result<Page<ProviderRow>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Rows(context, context.Providers.Where(p => p.OrganisationId == actor.OrganisationId && (from == null || p.Id > from)))
            .OrderBy(p => p.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows, take, p => p.Id.ToString());
    }

    /// <summary>One provider.</summary>
    public async Task<Result<ProviderRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Rows(context, context.Providers.Where(p => p.OrganisationId == actor.OrganisationId && p.Id == id)).FirstOrDefaultAsync(cancellationToken);
        return row is null ? new Failure.NotFound("provider") : row;
    }

    private static IQueryable<ProviderRow> Rows(GatewayDbContext context, IQueryable<Provider> providers) => providers.Select(p => new ProviderRow
    {
        Id = p.Id, Slug = p.Slug, Name = p.Name, Protocol = p.Protocol, BaseUrl = p.BaseUrl, IsPrivate = p.IsPrivate,
        ConnectTimeoutMs = p.ConnectTimeoutMs, FirstByteTimeoutMs = p.FirstByteTimeoutMs, IdleTimeoutMs = p.IdleTimeoutMs, CreatedAt = p.CreatedAt,
        Credentials = context.Credentials.Count(c => c.ProviderId == p.Id),
        Deployments = context.Deployments.Count(d => d.ProviderId == p.Id),
    });
}
