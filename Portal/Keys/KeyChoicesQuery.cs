using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Teams;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>What the keys page offers for choice.</summary>
/// <param name="Teams">Teams that the visitor may issue keys for, at most 200.</param>
/// <param name="Models">Names of logical models, the organisation's default first, at most 200.</param>
public sealed record KeyChoices(IReadOnlyList<TeamChoice> Teams, IReadOnlyList<string> Models);

/// <summary>Reads what a new key can be made of.</summary>
public sealed class KeyChoicesQuery(TeamsQuery teams, IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>The choices of this actor.</summary>
    public async Task<Result<KeyChoices>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await teams.RunAsync(actor, new() { MayIssueOnly = true, Limit = PageSize.Max }, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var standard = await context.Organisations.Where(o => o.Id == actor.OrganisationId).Select(o => o.DefaultModel).FirstOrDefaultAsync(cancellationToken);
        var models = await context.Models
            .Where(m => m.OrganisationId == actor.OrganisationId)
            .OrderByDescending(m => m.Name == standard || m.Aliases.Any(a => a.Name == standard)).ThenBy(m => m.Name).Select(m => m.Name).Take(PageSize.Max).ToListAsync(cancellationToken);
        return new KeyChoices([.. page.Value.Items.Select(t => new TeamChoice(t.Id, t.Name, t.AllowedModels, t.DefaultModel))], models);
    }
}
