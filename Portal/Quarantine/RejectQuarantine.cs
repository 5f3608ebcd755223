using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Quarantine;

/// <summary>Does not let a quarantined request pass, and deletes its text. For security reviewers and organisation admins, and for the deadline.</summary>
public sealed class RejectQuarantine(ConfigurationWriter writer)
{
    // As the audit names who decides when nobody does.
    private const string Deadline = "deadline";

    /// <summary>Rejects it; its ticket is worth nothing.</summary>
    public async Task<Result<QuarantineDetails>> RunAsync(Actor actor, Guid id, DecideQuarantineRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReleaseQuarantine) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var note = checks.Text("note", request.Note, QuarantineRights.MaxNote);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<QuarantineDetails>(actor, async (write, token) =>
        {
            var found = await QuarantineRights.FindAsync(write.Context, actor, id, write.Now, token);
            return found.Failure is { } not ? not : End(write, found.Value, QuarantineStates.Rejected, "quarantine.reject", actor.Name, note);
        }, cancellationToken);
    }

    /// <summary>Ends one whose deadline has passed. Of several portals one does it; the others find it ended.</summary>
    internal Task<Result<QuarantineDetails>> ExpireAsync(Guid organisation, Guid id, CancellationToken cancellationToken) =>
        writer.WriteAsync<QuarantineDetails>(new() { Name = Deadline, Roles = [], OrganisationId = organisation }, async (write, token) =>
        {
            var kept = await write.Context.QuarantinedRequests.FirstOrDefaultAsync(q => q.Id == id && q.OrganisationId == organisation, token);
            if (kept is null) return new Failure.NotFound("quarantined request");
            if (kept.State != QuarantineStates.Pending || kept.Deadline > write.Now) return new Failure.Conflict($"It is {kept.State}.");
            return End(write, kept, QuarantineStates.Expired, "quarantine.expire", decidedBy: null, note: null);
        }, cancellationToken);

    private static QuarantineDetails End(ConfigurationWrite write, QuarantinedRequest kept, string state, string action, string? decidedBy, string? note)
    {
        var before = QuarantineDetails.Of(kept);
        (kept.State, kept.DecidedAt, kept.DecidedBy, kept.Note, kept.Payload) = (state, write.Now, decidedBy, note, null);
        var after = QuarantineDetails.Of(kept);
        write.Record(action, ConfigurationKinds.Quarantine, kept.Id, kept.OrganisationId, before, after, DocumentJson.Default.QuarantineDetails);
        return after;
    }
}
