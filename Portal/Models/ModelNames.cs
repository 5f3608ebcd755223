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

    /// <summary>Null when no default, cheaper model of an approval policy, limit or budget, and no rule of the organisation names any of these; otherwise who does.</summary>
    public static async Task<Failure?> CheckUnusedAsync(
        GatewayDbContext context, Guid organisation, IReadOnlyList<string> names, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (names.Count == 0) return null;
        if (await context.Organisations.AnyAsync(o => o.Id == organisation && names.Contains(o.DefaultModel!), cancellationToken))
            return new Failure.Conflict("It is the organisation's default model. Choose another default first.");
        var team = await context.Teams.Where(t => t.OrganisationId == organisation && t.ArchivedAt == null && (names.Contains(t.DefaultModel!) || names.Contains(t.ApprovalModel!)))
            .OrderBy(t => t.Id).Select(t => t.Name).FirstOrDefaultAsync(cancellationToken);
        if (team is not null) return new Failure.Conflict($"It is the default or the cheaper model of team {team}. Choose another one first.");
        var key = await context.VirtualKeys
            .Where(k => k.OrganisationId == organisation && (k.RevokedAt == null || k.RevokedAt > now) && (k.ExpiresAt == null || k.ExpiresAt > now)
                && (names.Contains(k.DefaultModel!) || names.Contains(k.ApprovalModel!)))
            .OrderBy(k => k.Id).Select(k => k.Name).FirstOrDefaultAsync(cancellationToken);
        if (key is not null) return new Failure.Conflict($"It is the default or the cheaper model of key {key}. Choose another one first.");
        if (await context.Pins.AnyAsync(p => p.OrganisationId == organisation && names.Contains(p.Model), cancellationToken))
            return new Failure.Conflict("Requests for it are pinned to a version. Delete the pin first.");
        if (await context.Canaries.AnyAsync(c => c.OrganisationId == organisation && c.Status == Shared.Domain.Routing.CanaryStatuses.Running && names.Contains(c.Model), cancellationToken))
            return new Failure.Conflict("A canary of it runs. Promote or abort it first.");
        var downgrades = await context.Limits.AnyAsync(l => l.OrganisationId == organisation && names.Contains(l.DowngradeModel!), cancellationToken)
            || await context.Budgets.AnyAsync(b => b.OrganisationId == organisation && names.Contains(b.DowngradeModel!), cancellationToken);
        if (downgrades) return new Failure.Conflict("A limit or a budget downgrades to it. Choose another model there first.");
        return await Routes.RuleTargets.CheckUnusedAsync(context, organisation, "model", names, cancellationToken);
    }
}
