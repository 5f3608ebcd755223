using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Prices;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Prices;

/// <summary>What the price book says.</summary>
public sealed class PriceBookQuery(IDbContextFactory<GatewayDbContext> contexts, PriceBooks books)
{
    /// <summary>A page of the imported books, newest first.</summary>
    public async Task<Result<Page<PriceBookDetails>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.PriceBooks.AsNoTracking().Where(b => b.OrganisationId == actor.OrganisationId && (from == null || b.Id < from))
            .OrderByDescending(b => b.Id).Take(take + 1)
            .Select(b => new { b.Id, b.FileName, b.Sha256, b.ModelCount, b.CreatedBy, b.CreatedAt }).ToListAsync(cancellationToken);
        return PageSize.Page(
            rows.ConvertAll(b => new PriceBookDetails
            {
                Id = b.Id, FileName = b.FileName, Sha256 = Convert.ToHexStringLower(b.Sha256), ModelCount = b.ModelCount, CreatedBy = b.CreatedBy, CreatedAt = b.CreatedAt,
            }),
            take, b => b.Id.ToString());
    }

    /// <summary>What is known of a model at a provider: its list price, its limits, what it can do.</summary>
    public async Task<Result<ModelDefaults>> FindAsync(Actor actor, Guid providerId, string? model, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var provider = await context.Providers.AsNoTracking().FirstOrDefaultAsync(p => p.Id == providerId && p.OrganisationId == actor.OrganisationId, cancellationToken);
        if (provider is null) return new Failure.NotFound("provider");
        var entry = string.IsNullOrWhiteSpace(model) || provider.IsPrivate
            ? null
            : await books.FindAsync(context, provider.OrganisationId, provider.Protocol, model.Trim(), cancellationToken);
        return entry is null ? new Failure.NotFound("model in the price book") : ModelDefaults.Of(entry);
    }
}

/// <summary>What a price book says of a model, as a new deployment takes it.</summary>
public sealed record ModelDefaults
{
    /// <summary>The model's name in the book.</summary>
    public required string Model { get; init; }

    /// <summary>Its price, in nano-USD; null = none.</summary>
    public PriceComponents? Price { get; init; }

    /// <summary>Longest prompt, in tokens.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What it can do.</summary>
    public required IReadOnlyList<string> Abilities { get; init; }

    /// <summary>Of an entry.</summary>
    public static ModelDefaults Of(PriceBookEntry e) => new()
    {
        Model = e.Model, Price = e.Price, ContextTokens = e.ContextTokens, MaxOutputTokens = e.MaxOutputTokens, Abilities = AbilityNames.Of(e.Abilities),
    };
}
