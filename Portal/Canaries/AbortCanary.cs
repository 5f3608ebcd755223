using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Canaries;

/// <summary>Ends a canary: its part of the traffic goes back. For those who manage models; and for what gateways rolled back already.</summary>
public sealed class AbortCanary(ConfigurationWriter writer)
{
    /// <summary>Who rolls back in the audit.</summary>
    public const string Gateway = "gateway";

    /// <summary>Ends it within a second.</summary>
    public async Task<Result<CanaryDetails>> RunAsync(Actor actor, Guid id, AbortCanaryRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var reason = checks.Optional("reason", request.Reason, 500);
        return checks.Failure is { } faults ? faults : await EndAsync(actor, id, CanaryStatuses.Aborted, "canary.abort", reason, cancellationToken);
    }

    /// <summary>Writes down that gateways rolled it back.</summary>
    internal Task<Result<CanaryDetails>> RollBackAsync(Guid organisation, Guid id, string guard, CancellationToken cancellationToken) =>
        EndAsync(new() { Name = Gateway, Roles = [], OrganisationId = organisation }, id, CanaryStatuses.RolledBack, "canary.roll_back", guard, cancellationToken);

    private Task<Result<CanaryDetails>> EndAsync(Actor actor, Guid id, string status, string action, string? reason, CancellationToken cancellationToken)
    {
        var organisation = actor.OrganisationId!.Value;
        return writer.WriteAsync<CanaryDetails>(actor, async (write, token) =>
        {
            var canary = await write.Context.Canaries.FirstOrDefaultAsync(c => c.Id == id && c.OrganisationId == organisation, token);
            if (canary is null) return new Failure.NotFound("canary");
            if (canary.Status != CanaryStatuses.Running) return new Failure.Conflict($"The canary has ended: it was {canary.Status.Replace('_', ' ')}.");
            var before = CanaryDetails.Of(canary);
            (canary.Status, canary.Reason, canary.EndedAt, canary.EndedBy) = (status, reason, write.Now, actor.Name);
            var after = CanaryDetails.Of(canary);
            write.Record(action, ConfigurationKinds.Canary, id, organisation, before, after, DocumentJson.Default.CanaryDetails);
            return after;
        }, cancellationToken);
    }
}
