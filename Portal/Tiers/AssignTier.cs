using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tiers;

/// <summary>Gives a key, team or user a tier, or all that have none. For admins; for team leads their keys and users, below the ceiling.</summary>
public sealed class AssignTier(ConfigurationWriter writer)
{
    /// <summary>Gives it; the tier that it had before is replaced.</summary>
    public async Task<Result<TierAssignmentDetails>> RunAsync(Actor actor, AssignTierRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageBudgets) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var (kind, id) = ScopeFinder.Read(checks, request.ScopeKind, request.ScopeId, TierSettings.Kinds);
        var named = checks.Text("tier", request.Tier);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TierAssignmentDetails>(actor, (write, token) => GiveAsync(write, actor, organisation, kind, id, named, token), cancellationToken);
    }

    /// <summary>Gives it inside a change that is under way, rights and ceiling checked.</summary>
    internal static async Task<Result<TierAssignmentDetails>> GiveAsync(
        ConfigurationWrite write, Actor actor, Guid organisation, string kind, string? id, string named, CancellationToken cancellationToken)
    {
        var found = await ScopeFinder.FindAsync(write.Context, actor, kind, id, cancellationToken);
        if (found.Failure is { } unknown) return unknown;
        var target = found.Value;
        if (ScopeRights.Refuse(actor, Permission.ManageBudgets, target) is { } foreign) return foreign;
        Guid? tierId = Guid.TryParse(named, out var parsed) ? parsed : null;
        var tier = await write.Context.Tiers.FirstOrDefaultAsync(t => t.OrganisationId == organisation && (t.Id == tierId || t.Name == named), cancellationToken);
        if (tier is null) return new Failure.Invalid([new("tier", $"There is no tier {named}.")]);

        var ceiling = await Ceiling.OfLimitsAsync(write.Context, actor, target, "tier", cancellationToken);
        var assignment = await write.Context.TierAssignments
            .FirstOrDefaultAsync(a => a.OrganisationId == organisation && a.ScopeKind == kind && a.ScopeId == target.Id, cancellationToken);
        var before = assignment is null ? null : TierAssignmentDetails.Of(assignment);
        if (assignment is null)
        {
            assignment = new() { Id = write.NewId(), OrganisationId = organisation, ScopeKind = kind, ScopeId = target.Id, TierId = tier.Id };
            write.Context.TierAssignments.Add(assignment);
        }
        assignment.TierId = tier.Id;
        if (await ceiling.CheckAsync([.. Bounds.OfTier(tier)], cancellationToken) is { } over) return over;
        var after = TierAssignmentDetails.Of(assignment);
        if (after == before) return after;
        write.Record("tier.assign", ConfigurationKinds.Tier, assignment.Id, organisation, before, after, DocumentJson.Default.TierAssignmentDetails);
        write.Touch(ConfigurationKinds.Tier, tier.Id, organisation);
        return after;
    }
}
