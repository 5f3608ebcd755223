using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tiers;

/// <summary>Takes a tier from a key, team or user, or the default from all. For admins; for team leads where the team's own values still bound it.</summary>
public sealed class UnassignTier(ConfigurationWriter writer)
{
    /// <summary>Takes it; the default tier of the kind, where there is one, holds again.</summary>
    /// <param name="actor">Who takes it.</param>
    /// <param name="scopeKind"><c>key</c>, <c>team</c> or <c>user</c>.</param>
    /// <param name="scopeId">Which one; missing = the default.</param>
    /// <param name="cancellationToken">Ends it before the commit.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, string? scopeKind, string? scopeId, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageBudgets) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var (kind, id) = ScopeFinder.Read(checks, scopeKind, scopeId, TierSettings.Kinds);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, id, token);
            if (found.Failure is { } unknown) return unknown;
            var target = found.Value;
            if (ScopeRights.Refuse(actor, Permission.ManageBudgets, target) is { } foreign) return foreign;
            var assignment = await write.Context.TierAssignments
                .FirstOrDefaultAsync(a => a.OrganisationId == organisation && a.ScopeKind == kind && a.ScopeId == target.Id, token);
            if (assignment is null) return new Failure.NotFound("tier assignment");
            var ceiling = await Ceiling.OfLimitsAsync(write.Context, actor, target, "scope_id", token);
            write.Context.TierAssignments.Remove(assignment);
            if (await ceiling.CheckAsync([], token) is { } over) return over;
            write.Record<TierAssignmentDetails>(
                "tier.unassign", ConfigurationKinds.Tier, assignment.Id, organisation, TierAssignmentDetails.Of(assignment), null, DocumentJson.Default.TierAssignmentDetails);
            write.Touch(ConfigurationKinds.Tier, assignment.TierId, organisation);
            return new Done();
        }, cancellationToken);
    }
}
