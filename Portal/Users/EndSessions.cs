using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Users;

/// <summary>Ends all sessions that somebody has in the portal, on every device and in every organisation. For operators and organisation admins. Their role and their access tokens stay.</summary>
public sealed class EndSessions(ConfigurationWriter writer)
{
    /// <summary>Ends them: the next click leads to the door, and pages that are open notice by themselves. Where none stands nothing is written.</summary>
    public async Task<Result<EndedSessions>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<EndedSessions>(actor, async (write, token) =>
        {
            var user = await write.Context.Users.FirstOrDefaultAsync(u => u.Id == id && u.OrganisationId == organisation, token);
            if (user is null) return new Failure.NotFound("user");
            // A session is a person's, whatever organisations they are in.
            var (identity, now) = (user.IdentityId ?? Guid.Empty, write.Now);
            var ended = await write.Context.Database.ExecuteSqlAsync(
                $"update portal_sessions set ended_at = {now} where identity_id = {identity} and ended_at is null and expires_at > {now} and seen_at + make_interval(secs => idle_seconds) > {now}", token);
            var after = new EndedSessions { UserId = id, Email = user.Email, Ended = ended };
            if (ended > 0) write.Note("user.end_sessions", ConfigurationKinds.User, id, organisation, after, DocumentJson.Default.EndedSessions);
            return after;
        }, cancellationToken);
    }
}
