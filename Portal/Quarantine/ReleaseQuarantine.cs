using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Quarantine;

/// <summary>Lets a quarantined request pass once. For security reviewers and organisation admins.</summary>
public sealed class ReleaseQuarantine(ConfigurationWriter writer)
{
    /// <summary>Releases it; the caller repeats the request with the ticket within <see cref="QuarantinedRequest.UseWithin"/>.</summary>
    public async Task<Result<QuarantineDetails>> RunAsync(Actor actor, Guid id, DecideQuarantineRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReleaseQuarantine) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var note = checks.Text("note", request.Note, QuarantineRights.MaxNote);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<QuarantineDetails>(actor, async (write, token) =>
        {
            var found = await QuarantineRights.FindAsync(write.Context, actor, id, write.Now, token);
            if (found.Failure is { } not) return not;
            var kept = found.Value;
            var before = QuarantineDetails.Of(kept);
            (kept.State, kept.DecidedAt, kept.DecidedBy, kept.Note, kept.ValidUntil) = (QuarantineStates.Released, write.Now, actor.Name, note, write.Now + QuarantinedRequest.UseWithin);
            var after = QuarantineDetails.Of(kept);
            write.Record("quarantine.release", ConfigurationKinds.Quarantine, id, kept.OrganisationId, before, after, DocumentJson.Default.QuarantineDetails);
            return after;
        }, cancellationToken);
    }
}
