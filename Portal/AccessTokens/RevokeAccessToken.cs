using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>Revokes an access token with those that it made. For its owner, and for who may manage people here.</summary>
public sealed class RevokeAccessToken(ConfigurationWriter writer)
{
    /// <summary>Revokes it for good; the second time changes nothing.</summary>
    public async Task<Result<AccessTokenDetails>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (actor.Roles.Count == 0) return ActorSource.NoRole;
        if (actor.OrganisationId is not { } organisation) return new Failure.NotFound("organisation");
        return await writer.WriteAsync<AccessTokenDetails>(actor, async (write, token) =>
        {
            var tokens = write.Context.AccessTokens.Where(t => t.OrganisationId == organisation);
            var found = await tokens.FirstOrDefaultAsync(t => t.Id == id, token);
            // Somebody else's is not even said to be there.
            if (found is null || (found.IdentityId != actor.IdentityId && Permissions.Refuse(actor, Permission.ManageTeams) is not null)) return new Failure.NotFound("access token");
            var owner = await write.Context.Identities.Where(i => i.Id == found.IdentityId).Select(i => i.Email).SingleAsync(token);
            var answer = AccessTokenDetails.Of(found, owner);
            for (List<AccessToken> next = [found]; next.Count > 0;)
            {
                foreach (var one in next.Where(t => t.RevokedAt is null))
                {
                    var before = AccessTokenDetails.Of(one, owner);
                    one.RevokedAt = write.Now;
                    var after = AccessTokenDetails.Of(one, owner);
                    if (one.Id == id) answer = after;
                    write.Record("access_token.revoke", ConfigurationKinds.AccessToken, one.Id, organisation, before, after, DocumentJson.Default.AccessTokenDetails);
                }
                Guid?[] makers = [.. next.Select(t => (Guid?)t.Id)];
                next = await tokens.Where(t => makers.Contains(t.ParentId)).ToListAsync(token);
            }
            return answer;
        }, cancellationToken);
    }
}
