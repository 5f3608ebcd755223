using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Prices;

/// <summary>
/// Takes a price file over: keeps it as the organisation's newest book, and gives every deployment whose model it knows a new price version where the
/// price differs. One change: all of it or nothing. For those who manage models.
/// </summary>
public sealed class ImportPrices(ConfigurationWriter writer)
{
    /// <summary>Imports, or says what an import would do.</summary>
    /// <param name="actor">Who imports.</param>
    /// <param name="file">The file in the common public layout.</param>
    /// <param name="fileName">Its name, for people.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    public async Task<Result<PriceImport>> RunAsync(Actor actor, Stream file, string? fileName, PriceImportOptions options, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var reading = await PriceBookFile.ReadAsync(file, fileName, cancellationToken);
        return reading.Failure is { } faults ? faults : await RunAsync(actor, reading.Value, options, cancellationToken);
    }

    /// <summary>Imports a file that was read before, or says what that would do.</summary>
    public async Task<Result<PriceImport>> RunAsync(Actor actor, PriceBookFile file, PriceImportOptions options, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(file);
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<PriceImport>(actor, async (write, token) =>
        {
            var plan = await PlanAsync(write.Context, organisation, file, options, write.Now, token);
            if (!options.DryRun) await ApplyAsync(write, actor, organisation, file, plan, token);
            int Count(string outcome) => plan.Count(p => p.Row.Outcome == outcome);
            return new PriceImport
            {
                DryRun = options.DryRun, FileName = file.Name, ModelsInFile = file.Book.Count, New = Count(PriceOutcomes.New), Changed = Count(PriceOutcomes.Changed),
                Unchanged = Count(PriceOutcomes.Unchanged), Kept = Count(PriceOutcomes.Kept), Unknown = Count(PriceOutcomes.Unknown),
                Deployments = plan.ConvertAll(p => p.Row),
            };
        }, cancellationToken);
    }

    private static async Task<List<(Deployment Deployment, PriceImportRow Row)>> PlanAsync(
        GatewayDbContext context, Guid organisation, PriceBookFile file, PriceImportOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var prices = await context.PriceVersions.AsNoTracking().Where(p => p.OrganisationId == organisation && p.ValidFrom <= now)
            .GroupBy(p => p.DeploymentId)
            .Select(g => g.OrderByDescending(p => p.ValidFrom).ThenByDescending(p => p.Id).First())
            .ToDictionaryAsync(p => p.DeploymentId, cancellationToken);
        // A server of one's own has no list price, whatever its models are called.
        var deployments = await context.Deployments.AsNoTracking().Where(d => d.OrganisationId == organisation)
            .Join(context.Providers.Where(p => !p.IsPrivate), d => d.ProviderId, p => p.Id, (d, p) => new { Deployment = d, p.Slug, p.Protocol })
            .OrderBy(d => d.Deployment.Name).ToListAsync(cancellationToken);
        return deployments.ConvertAll(d =>
        {
            var before = prices.GetValueOrDefault(d.Deployment.Id);
            var after = file.Book.Find(d.Protocol, d.Deployment.UpstreamModel)?.Price;
            return (d.Deployment, new PriceImportRow
            {
                DeploymentId = d.Deployment.Id, Deployment = d.Deployment.Name, Provider = d.Slug, UpstreamModel = d.Deployment.UpstreamModel,
                Outcome = OutcomeOf(before, after, options.OverwriteManual), Before = before?.Components, After = after,
            });
        });
    }

    private static string OutcomeOf(PriceVersion? before, PriceComponents? after, bool overwriteManual) => (before, after) switch
    {
        (_, null) => PriceOutcomes.Unknown,
        (null, _) => PriceOutcomes.New,
        _ when before.Components == after => PriceOutcomes.Unchanged,
        _ when before.Source == PriceSources.Manual && !overwriteManual => PriceOutcomes.Kept,
        _ => PriceOutcomes.Changed,
    };

    private static async Task ApplyAsync(
        ConfigurationWrite write, Actor actor, Guid organisation, PriceBookFile file, List<(Deployment Deployment, PriceImportRow Row)> plan, CancellationToken cancellationToken)
    {
        var newest = await write.Context.PriceBooks.AsNoTracking().Where(b => b.OrganisationId == organisation)
            .OrderByDescending(b => b.Id).Select(b => b.Sha256).FirstOrDefaultAsync(cancellationToken);
        if (newest is null || !newest.AsSpan().SequenceEqual(file.Sha256))
        {
            var book = new PriceBookVersion
            {
                Id = write.NewId(), OrganisationId = organisation, FileName = file.Name, Sha256 = file.Sha256, ModelCount = file.Book.Count,
                Content = file.Compressed, CreatedBy = actor.Name, CreatedAt = write.Now,
            };
            write.Context.PriceBooks.Add(book);
            write.Record("price_book.import", ConfigurationKinds.PriceBook, book.Id, organisation, null, PriceBookDetails.Of(book), DocumentJson.Default.PriceBookDetails);
        }
        foreach (var (deployment, row) in plan)
            if (row.Outcome is PriceOutcomes.New or PriceOutcomes.Changed) SetPrice.Add(write, actor, deployment, write.Now, row.After!, PriceSources.Book);
    }
}

/// <summary>How an import is done.</summary>
/// <param name="DryRun">Says what would change and changes nothing.</param>
/// <param name="OverwriteManual">Also replaces prices that were set by hand.</param>
public readonly record struct PriceImportOptions(bool DryRun = false, bool OverwriteManual = false);
