using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Benchmarks.Sets;

/// <summary>Lists sample sets by name. There are at most a hundred, so the list is one page.</summary>
public sealed class BenchmarkSetsQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>The organisation's.</summary>
    public async Task<Result<Page<BenchmarkSetDetails>>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var sets = await context.BenchmarkSets.AsNoTracking().Where(s => s.OrganisationId == actor.OrganisationId).OrderBy(s => s.Name).ToListAsync(cancellationToken);
        return new Page<BenchmarkSetDetails>(sets.ConvertAll(BenchmarkSetDetails.Of), null);
    }

    /// <summary>One set.</summary>
    public async Task<Result<BenchmarkSetDetails>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var set = await context.BenchmarkSets.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id && s.OrganisationId == actor.OrganisationId, cancellationToken);
        return set is null ? new Failure.NotFound("sample set") : BenchmarkSetDetails.Of(set);
    }
}
