using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Credentials;

/// <summary>Lists the organisation's credentials, without their secrets. For those who manage models.</summary>
public sealed class CredentialsQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, oldest first; of one provider or of all.</summary>
    public async Task<Result<Page<CredentialDetails>>> RunAsync(
        Actor actor, Guid? providerId, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Credentials.AsNoTracking()
            .Where(c => c.OrganisationId == actor.OrganisationId && (providerId == null || c.ProviderId == providerId) && (from == null || c.Id > from))
            .OrderBy(c => c.Id).Take(take + 1)
            // Named one by one: the envelope stays in the database.
            .Select(c => new CredentialDetails
            {
                Id = c.Id, ProviderId = c.ProviderId, Name = c.Name, Hint = c.Hint, CreatedAt = c.CreatedAt, UpdatedAt = c.UpdatedAt,
            }).ToListAsync(cancellationToken);
        return PageSize.Page(rows, take, c => c.Id.ToString());
    }
}
