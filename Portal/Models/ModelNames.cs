using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Models;

/// <summary>What the names of models in settings refer to.</summary>
internal static class ModelNames
{
    /// <summary>Null when the name stands for something in the organisation (a model, an alias, a provider's model) or is missing.</summary>
    public static async Task<Failure?> CheckAsync(
        GatewayDbContext context, Guid organisation, string field, string? name, CancellationToken cancellationToken)
    {
        if (name is null) return null;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var provider = slash < 0 ? "" : name[..slash];
        var known = slash < 0
            ? await context.Models.AnyAsync(m => m.OrganisationId == organisation && m.Name == name, cancellationToken)
                || await context.ModelAliases.AnyAsync(a => a.OrganisationId == organisation && a.Name == name, cancellationToken)
            : await context.Providers.AnyAsync(p => p.OrganisationId == organisation && p.Slug == provider, cancellationToken);
        return known ? null : new Failure.Invalid([new(field, $"There is no model {name}: requests would be refused. Create it first.")]);
    }

    /// <summary>Null when no default, cheaper model, pin, canary, rule or fallback of the organisation names any of these; otherwise who does.</summary>
    public static async Task<Failure?> CheckUnusedAsync(
        GatewayDbContext context, Guid organisation, IReadOnlyList<string> names, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (names.Count == 0) return null;
        var namers = await ModelNamers.OfAsync(context, organisation, names, now, cancellationToken);
        return namers.Count == 0 ? null : new Failure.Conflict($"It is named by {string.Join(", ", namers)}. Choose another model there first, or end what names it.");
    }
}
