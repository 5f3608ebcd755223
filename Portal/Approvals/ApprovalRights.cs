using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Approvals;

/// <summary>
/// Who may decide an approval: organisation admins and finops, team leads of the key's team, and never the key's own owner. An operator may as well: by its token
/// scripts come in, and it could lift the threshold anyway.
/// </summary>
internal static class ApprovalRights
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>The pending approval that the actor may decide; otherwise why not.</summary>
    public static async Task<Result<Approval>> FindAsync(GatewayDbContext context, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var approval = await context.Approvals.FirstOrDefaultAsync(a => a.Id == id && a.OrganisationId == actor.OrganisationId, cancellationToken);
        if (approval is null) return new Failure.NotFound("approval");
        if (Permissions.Of(actor, Permission.ApproveRequests) == Reach.Teams && !actor.TeamIds.Contains(approval.TeamId))
            return new Failure.Forbidden("You may decide for your own teams only.");
        if (actor.UserId is { } user && await context.VirtualKeys.AnyAsync(k => k.Id == approval.KeyId && k.OwnerId == user, cancellationToken))
            return new Failure.Forbidden("The key is your own: somebody else decides on its requests.");
        return approval.Status == ApprovalStatuses.Pending ? approval : new Failure.Conflict($"It was {approval.Status} by {approval.DecidedBy} already.");
    }
}
