using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Quality;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Quality;

/// <summary>
/// Publishes figures of quality as a new version of the organisation's table: the one way into it, for imports and for benchmark runs. Gateways follow within a second. Where
/// nothing differs there is no new version. For those who manage models.
/// </summary>
public sealed class PublishQuality(ConfigurationWriter writer, TimeProvider time)
{
    private const int MaxNote = 500;

    /// <summary>Publishes them, or says what that would change.</summary>
    /// <param name="actor">Who publishes.</param>
    /// <param name="request">The figures.</param>
    /// <param name="source">Where they come from; of <see cref="QualitySources"/>.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    /// <param name="place">Names a cell by its index in faults; null = <c>cells[0]</c> and so on.</param>
    public async Task<Result<QualityPublication>> RunAsync(
        Actor actor, PublishQualityRequest request, string source, CancellationToken cancellationToken, Func<int, string>? place = null)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(request);
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var note = checks.Optional("note", request.Note, MaxNote) ?? "";
        var cells = QualityCells.Read(checks, request.Cells, source, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), place ?? (i => $"cells[{i}]"));
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<QualityPublication>(actor, async (write, token) =>
        {
            var before = await CurrentAsync(write.Context, organisation, token);
            var old = before.Cells.ConvertAll(QualityCellDetails.Of);
            List<QualityCellDetails> after = request.Replace == true ? cells
                : [.. old.ExceptBy(cells.Select(PlaceOf), PlaceOf), .. cells];
            if (after.Count > QualityCells.Max)
                return new Failure.Conflict($"The table would have {after.Count} cells; it holds at most {QualityCells.Max}. Publish fewer, or with replace.", "cells");
            var changes = QualityChange.Between(old, after);
            var warnings = await WarningsAsync(write.Context, organisation, cells, token);
            QualityVersionDetails? version = null;
            if (request.DryRun != true && changes.Count > 0)
                version = Add(write, actor, organisation, new() { Source = source, Note = note, CreatedBy = actor.Name }, before, after, "quality.publish");
            return new QualityPublication
            {
                DryRun = request.DryRun == true, Version = version, Changes = changes, Warnings = warnings, Unchanged = after.Count - changes.Count(c => c.Outcome != QualityOutcomes.Removed),
            };
        }, cancellationToken);
    }

    /// <summary>Writes down what was learned from votes, where it differs notably from what gateways have.</summary>
    internal Task<Result<Done>> LearnAsync(Guid organisation, IReadOnlyDictionary<(string Task, string Provider, string Model), LearnedFigures> learned, CancellationToken cancellationToken) =>
        writer.WriteAsync<Done>(new() { Name = QualitySources.Feedback, Roles = [], OrganisationId = organisation }, async (write, token) =>
        {
            var known = await write.Context.LearnedQualities.Where(l => l.OrganisationId == organisation).ToListAsync(token);
            var before = known.ConvertAll(QualityCellDetails.Of);
            write.Context.LearnedQualities.RemoveRange(known.Where(k => !learned.ContainsKey((k.Task, k.Provider, k.Model))));
            foreach (var (cell, now) in learned)
            {
                var row = known.Find(k => (k.Task, k.Provider, k.Model) == cell);
                if (row is not null && !QualityLearning.Differs(row, now)) continue;
                if (row is null) write.Context.LearnedQualities.Add(row = new() { OrganisationId = organisation, Task = cell.Task, Provider = cell.Provider, Model = cell.Model });
                (row.Mean, row.Lower, row.Upper, row.Votes, row.Users, row.UpdatedAt) = (now.Mean, now.Lower, now.Upper, now.Votes, now.Users, write.Now);
            }
            if (!write.Context.ChangeTracker.HasChanges()) return new Done();
            var after = write.Context.ChangeTracker.Entries<LearnedQuality>().Where(e => e.State != EntityState.Deleted).Select(e => QualityCellDetails.Of(e.Entity));
            var changes = QualityChange.Between(before, after);
            write.Record("quality.learn", ConfigurationKinds.Quality, organisation, organisation, null, new LearnedChanges(changes), DocumentJson.Default.LearnedChanges);
            return new Done();
        }, cancellationToken);

    /// <summary>The version that counts, 0 where there is none, with its cells.</summary>
    internal static async Task<(int Version, List<QualityCell> Cells)> CurrentAsync(GatewayDbContext context, Guid organisation, CancellationToken cancellationToken)
    {
        var newest = await context.QualityVersions.AsNoTracking().Where(v => v.OrganisationId == organisation).OrderByDescending(v => v.Version).FirstOrDefaultAsync(cancellationToken);
        return newest is null ? (0, []) : (newest.Version, await CellsAsync(context, newest.Id, cancellationToken));
    }

    /// <summary>A version's cells, by task, provider and model.</summary>
    internal static Task<List<QualityCell>> CellsAsync(GatewayDbContext context, Guid version, CancellationToken cancellationToken) =>
        context.QualityCells.AsNoTracking().Where(c => c.VersionId == version).OrderBy(c => c.Task).ThenBy(c => c.Provider).ThenBy(c => c.Model).ToListAsync(cancellationToken);

    /// <summary>Adds a version after the newest one; within the organisation's lock, so that no other takes its number.</summary>
    internal static QualityVersionDetails Add(
        ConfigurationWrite write, Actor actor, Guid organisation, QualityVersion version, (int Version, List<QualityCell> Cells) before, IReadOnlyCollection<QualityCellDetails> cells, string action)
    {
        (version.Id, version.OrganisationId, version.Version, version.CreatedAt, version.CreatedBy) = (write.NewId(), organisation, before.Version + 1, write.Now, actor.Name);
        write.Context.QualityVersions.Add(version);
        var old = before.Cells.ToDictionary(c => (c.Task, c.Provider, c.Model));
        foreach (var cell in cells)
        {
            // A cell that stays as it was keeps the version that brought it.
            var stays = old.GetValueOrDefault(PlaceOf(cell)) is { } was && QualityCellDetails.Of(was) with { SetIn = null } == cell with { SetIn = null };
            write.Context.QualityCells.Add(new()
            {
                VersionId = version.Id, Task = cell.Task, Provider = cell.Provider, Model = cell.Model, Mean = cell.Mean, Lower = cell.Lower, Upper = cell.Upper, Samples = cell.Samples,
                MeasuredOn = cell.Date, Source = cell.Source, SetIn = stays ? old[PlaceOf(cell)].SetIn : version.Version,
            });
        }
        var after = QualityVersionDetails.Of(version, cells.Count);
        write.Record(action, ConfigurationKinds.Quality, version.Id, organisation, null, after, DocumentJson.Default.QualityVersionDetails);
        return after;
    }

    private static (string Task, string Provider, string Model) PlaceOf(QualityCellDetails c) => (c.Task, c.Provider, c.Model);

    private static async Task<List<string>> WarningsAsync(GatewayDbContext context, Guid organisation, List<QualityCellDetails> cells, CancellationToken cancellationToken)
    {
        var served = (await context.Deployments.Where(d => d.OrganisationId == organisation)
            .Join(context.Providers, d => d.ProviderId, p => p.Id, (d, p) => p.Slug + "/" + d.UpstreamModel).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var tasks = (await context.RoutingTasks.Where(t => t.OrganisationId == organisation).Select(t => t.Name).ToListAsync(cancellationToken)).Concat(TaskLabels.All).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. cells.Select(c => $"{c.Provider}/{c.Model}").Distinct().Where(m => !served.Contains(m)).Order(StringComparer.Ordinal)
                .Select(m => $"No deployment serves {m}: its cells count for nothing until one does."),
            .. cells.Select(c => c.Task).Distinct().Where(t => !tasks.Contains(t)).Order(StringComparer.Ordinal)
                .Select(t => $"No classifier knows the task {t}: it counts for requests that declare it in x-gateway-task."),
        ];
    }
}
