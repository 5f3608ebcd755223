using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Quarantine;

/// <summary>Who may decide on a quarantined request: security reviewers and organisation admins, and never the key's own owner. An operator may as well, since it could change the policy anyway.</summary>
internal static class QuarantineRights
{
    /// <summary>Longest note or reason, in characters.</summary>
    public const int MaxNote = 500;

    /// <summary>The request that waits and that the actor may decide; otherwise why not.</summary>
    public static async Task<Result<QuarantinedRequest>> FindAsync(GatewayDbContext context, Actor actor, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = await context.QuarantinedRequests.FirstOrDefaultAsync(q => q.Id == id && q.OrganisationId == actor.OrganisationId, cancellationToken);
        if (request is null) return new Failure.NotFound("quarantined request");
        if (actor.UserId is { } user && await context.VirtualKeys.AnyAsync(k => k.Id == request.KeyId && k.OwnerId == user, cancellationToken))
            return new Failure.Forbidden("The key is your own: somebody else decides on its requests.");
        if (request.State == QuarantineStates.Expired || (request.State == QuarantineStates.Pending && request.Deadline <= now))
            return new Failure.Conflict("Nobody decided before its deadline, so it counts as rejected. Its caller can send it again.");
        return request.State == QuarantineStates.Pending ? request : new Failure.Conflict($"It was {request.State} by {request.DecidedBy} already.");
    }
}
