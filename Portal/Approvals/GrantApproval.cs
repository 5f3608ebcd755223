using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Approvals;

/// <summary>Lets a costly request pass. For organisation admins, finops, and leads of its team.</summary>
public sealed class GrantApproval(ConfigurationWriter writer)
{
    /// <summary>How long it can be used where the approver names no time.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromHours(24);

    /// <summary>Longest time of an approval.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(90);

    /// <summary>Grants it; the caller repeats the request with the ticket.</summary>
    public async Task<Result<ApprovalDetails>> RunAsync(Actor actor, Guid id, GrantApprovalRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ApproveRequests) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var ceiling = checks.Money("ceiling", request.CeilingUsd, request.CeilingNanoUsd, 1, Budget.MaxCapNanoUsd);
        var reason = checks.Optional("reason", request.Reason, ApprovalRights.MaxReason);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ApprovalDetails>(actor, async (write, token) =>
        {
            if (request.ValidUntil <= write.Now || request.ValidUntil > write.Now + MaxTime)
                return new Failure.Invalid([new("valid_until", $"valid_until must be in the future, and within {MaxTime.Days} days.")]);
            var found = await ApprovalRights.FindAsync(write.Context, actor, id, token);
            if (found.Failure is { } not) return not;
            var approval = found.Value;
            var before = ApprovalDetails.Of(approval);
            (approval.Status, approval.DecidedAt, approval.DecidedBy, approval.Reason) = (ApprovalStatuses.Granted, write.Now, actor.Name, reason);
            approval.Once = request.Once ?? true;
            // A worst case of nothing (a model without a price) still needs a ceiling that a gateway can hold against.
            approval.CeilingNanoUsd = ceiling ?? Math.Max(1, approval.WorstCaseNanoUsd);
            approval.ValidUntil = request.ValidUntil?.ToUniversalTime() ?? write.Now + DefaultTime;
            var after = ApprovalDetails.Of(approval);
            write.Record("approval.grant", ConfigurationKinds.Approval, id, approval.OrganisationId, before, after, DocumentJson.Default.ApprovalDetails);
            return after;
        }, cancellationToken);
    }
}
