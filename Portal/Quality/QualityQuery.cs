using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Quality;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Quality;

/// <summary>Reads the table of quality and its versions. For all who see models.</summary>
public sealed class QualityQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>The table as it counts now.</summary>
    public async Task<Result<QualityTable>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var newest = await Versions(context, actor).OrderByDescending(v => v.Version).FirstOrDefaultAsync(cancellationToken);
        var learned = await context.LearnedQualities.AsNoTracking().Where(l => l.OrganisationId == actor.OrganisationId)
            .OrderBy(l => l.Task).ThenBy(l => l.Provider).ThenBy(l => l.Model).ToListAsync(cancellationToken);
        return await TableAsync(context, newest, learned.ConvertAll(QualityCellDetails.Of), cancellationToken);
    }

    /// <summary>The table as it was in a version.</summary>
    public async Task<Result<QualityTable>> VersionAsync(Actor actor, int version, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await Versions(context, actor).FirstOrDefaultAsync(v => v.Version == version, cancellationToken);
        return row is null ? new Failure.NotFound("version of the table") : await TableAsync(context, row, [], cancellationToken);
    }

    /// <summary>A page of the versions, newest first.</summary>
    public async Task<Result<Page<QualityVersionDetails>>> VersionsAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Versions(context, actor).Where(v => from == null || v.Id < from).OrderByDescending(v => v.Id).Take(take + 1)
            .Select(v => new { Version = v, Cells = context.QualityCells.Count(c => c.VersionId == v.Id) }).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(r => QualityVersionDetails.Of(r.Version, r.Cells)), take, v => v.Id.ToString());
    }

    /// <summary>What differs in a version from an earlier one.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="version">The version.</param>
    /// <param name="since">The other one; null = the one before, 0 = an empty table.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<Page<QualityChange>>> ChangesAsync(Actor actor, int version, int? since, CancellationToken cancellationToken)
    {
        var after = await VersionAsync(actor, version, cancellationToken);
        if (after.Failure is { } missing) return missing;
        var other = since ?? version - 1;
        if (other == 0) return new Page<QualityChange>(QualityChange.Between([], after.Value.Cells), null);
        var before = await VersionAsync(actor, other, cancellationToken);
        return before.Failure is { } unknown ? unknown : new Page<QualityChange>(QualityChange.Between(before.Value.Cells, after.Value.Cells), null);
    }

    private static IQueryable<QualityVersion> Versions(GatewayDbContext context, Actor actor) => context.QualityVersions.AsNoTracking().Where(v => v.OrganisationId == actor.OrganisationId);

    private static async Task<QualityTable> TableAsync(GatewayDbContext context, QualityVersion? version, IReadOnlyList<QualityCellDetails> learned, CancellationToken cancellationToken)
    {
        var cells = version is null ? [] : (await PublishQuality.CellsAsync(context, version.Id, cancellationToken)).ConvertAll(QualityCellDetails.Of);
        return new() { Version = version is null ? null : QualityVersionDetails.Of(version, cells.Count), Cells = cells, Learned = learned };
    }
}
