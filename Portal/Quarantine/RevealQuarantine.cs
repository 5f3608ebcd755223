using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Quarantine;

/// <summary>Shows the text of a quarantined request, for a reason that stands in the audit. For security reviewers and auditors; an administrator of either kind has no business in texts.</summary>
public sealed class RevealQuarantine(ConfigurationWriter writer, SecretBox box)
{
    /// <summary>Shows it. No text without its audit entry: both are one transaction.</summary>
    public async Task<Result<RevealedRequest>> RunAsync(Actor actor, Guid id, RevealQuarantineRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReadContent) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var reason = checks.Text("reason", request.Reason, QuarantineRights.MaxNote);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<RevealedRequest>(actor, async (write, token) =>
        {
            var kept = await write.Context.QuarantinedRequests.AsNoTracking().FirstOrDefaultAsync(q => q.Id == id && q.OrganisationId == actor.OrganisationId, token);
            if (kept is null) return new Failure.NotFound("quarantined request");
            if (kept.Payload is null) return new Failure.Conflict("Its text was deleted: a text is kept until the request is rejected or repeated, and for a day after its release.");
            if (box.Open(kept.Payload, QuarantinedRequest.OwnerOf(kept.OrganisationId, kept.Id)) is not { } plain)
                return new Failure.Conflict("Its text cannot be decrypted: it was kept under another master key. See Gateway__PreviousMasterKeys.");
            var payload = JsonSerializer.Deserialize(plain, QuarantineJson.Default.QuarantinedPayload)!;
            CryptographicOperations.ZeroMemory(plain);
            write.Note("quarantine.reveal", ConfigurationKinds.Quarantine, id, kept.OrganisationId, new QuarantineLook(reason), DocumentJson.Default.QuarantineLook);
            return new RevealedRequest { Id = id, Path = payload.Path, ContentType = payload.ContentType, Body = payload.Body, Bytes = payload.Bytes };
        }, cancellationToken);
    }
}
