using System.Collections.Concurrent;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Prices;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Prices;

/// <summary>Finds what is known of a provider's model: in the organisation's newest price book, else in the one that comes with this build.</summary>
public sealed class PriceBooks
{
    private const int MaxKept = 8;

    // Books never change, so the id is all that must be looked up.
    private readonly ConcurrentDictionary<Guid, PriceBook> kept = new();

    /// <summary>The entry of a model; null = neither book knows it.</summary>
    public async Task<PriceBookEntry?> FindAsync(GatewayDbContext context, Guid organisation, string protocol, string model, CancellationToken cancellationToken) =>
        (await NewestAsync(context, organisation, cancellationToken))?.Find(protocol, model) ?? PriceBook.BuiltIn.Find(protocol, model);

    /// <summary>The organisation's newest book; null = it never imported one.</summary>
    public async Task<PriceBook?> NewestAsync(GatewayDbContext context, Guid organisation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var newest = context.PriceBooks.AsNoTracking().Where(b => b.OrganisationId == organisation).OrderByDescending(b => b.Id);
        var id = await newest.Select(b => (Guid?)b.Id).FirstOrDefaultAsync(cancellationToken);
        if (id is null) return null;
        if (kept.TryGetValue(id.Value, out var book)) return book;
        var content = await context.PriceBooks.Where(b => b.Id == id).Select(b => b.Content).SingleAsync(cancellationToken);
        book = await PriceBookFile.OpenAsync(content, cancellationToken);
        if (kept.Count >= MaxKept) kept.Clear();
        kept[id.Value] = book;
        return book;
    }
}
