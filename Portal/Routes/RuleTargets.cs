using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>What rules send to: it must not vanish under them, for a rule without its target never holds.</summary>
internal static class RuleTargets
{
    /// <summary>Null when no rule of the organisation sends to any of these; otherwise which does.</summary>
    /// <param name="context">The rows.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="field"><c>model</c> or <c>deployment</c>.</param>
    /// <param name="names">Their names.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Failure?> CheckUnusedAsync(GatewayDbContext context, Guid organisation, string field, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        string[] all = [.. names];
        var rule = await context.Database
            .SqlQuery<string>($"select name as \"Value\" from routing_rules where organisation_id = {organisation} and action->>{field} = any({all}) order by position")
            .ToListAsync(cancellationToken);
        return rule.Count == 0 ? null : new Failure.Conflict($"Rule {rule[0]} sends to it. Change the rule first.");
    }
}
