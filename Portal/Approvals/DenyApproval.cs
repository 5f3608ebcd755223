using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Approvals;

/// <summary>Does not let a costly request pass. For organisation admins, finops, and leads of its team.</summary>
public sealed class DenyApproval(ConfigurationWriter writer)
{
    /// <summary>Denies it; its ticket is worth nothing.</summary>
    public async Task<Result<ApprovalDetails>> RunAsync(Actor actor, Guid id, DenyApprovalRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ApproveRequests) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var reason = checks.Text("reason", request.Reason, ApprovalRights.MaxReason);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ApprovalDetails>(actor, async (write, token) =>
        {
            var found = await ApprovalRights.FindAsync(write.Context, actor, id, token);
            if (found.Failure is { } not) return not;
            var approval = found.Value;
            var before = ApprovalDetails.Of(approval);
            (approval.Status, approval.DecidedAt, approval.DecidedBy, approval.Reason) = (ApprovalStatuses.Denied, write.Now, actor.Name, reason);
            var after = ApprovalDetails.Of(approval);
            write.Record("approval.deny", ConfigurationKinds.Approval, id, approval.OrganisationId, before, after, DocumentJson.Default.ApprovalDetails);
            return after;
        }, cancellationToken);
    }
}
