using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>Makes an access token of the actor's own. For everybody with a role; a token may make others within its own scopes and time.</summary>
public sealed class CreateAccessToken(ConfigurationWriter writer, ApiAreas areas, IOptions<AccessTokenSettings> settings)
{
    /// <summary>Days of a token where none are named.</summary>
    public const int UsualDays = 30;

    /// <summary>Makes it; the secret is in the answer and nowhere else.</summary>
    public async Task<Result<CreatedAccessToken>> RunAsync(Actor actor, CreateAccessTokenRequest request, CancellationToken cancellationToken)
    {
        if (actor.Roles.Count == 0) return ActorSource.NoRole;
        if (actor.IdentityId is not { } owner) return new Failure.Forbidden("Access tokens belong to people: sign in and make one, or show one of yours.");
        if (actor.OrganisationId is not { } organisation) return new Failure.NotFound("organisation");
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name);
        var scopes = AccessTokenScopes.Check(checks, request.Scopes, areas.All);
        var days = request.ExpiresInDays ?? Math.Min(UsualDays, settings.Value.MaxDays);
        checks.Range("expires_in_days", days, 1, settings.Value.MaxDays);
        if (checks.Failure is { } faults) return faults;
        if (actor.Token is { } parent && scopes.FirstOrDefault(s => !AccessTokenScopes.Covers(parent.Scopes, s)) is { } wider)
            return new Failure.Forbidden($"A token may give no more than it has: {wider} is not among its scopes.");

        return await writer.WriteAsync<CreatedAccessToken>(actor, async (write, token) =>
        {
            if (await write.Context.AccessTokens.CountAsync(t => t.IdentityId == owner && t.OrganisationId == organisation && t.RevokedAt == null && t.ExpiresAt > write.Now, token) >= settings.Value.MaxLive)
                return new Failure.Conflict($"You may have {settings.Value.MaxLive} tokens that work. Revoke one first.");
            var expires = write.Now.AddDays(days);
            if (actor.Token is { } maker && maker.ExpiresAt < expires) expires = maker.ExpiresAt;
            var secret = AccessToken.NewSecret();
            var made = new AccessToken
            {
                Id = write.NewId(), OrganisationId = organisation, IdentityId = owner, ParentId = actor.Token?.Id, Name = name, Prefix = secret[..AccessToken.PrefixLength],
                SecretHash = VirtualKeySecret.Hash(secret), Scopes = scopes, CreatedAt = write.Now, ExpiresAt = expires,
            };
            write.Context.AccessTokens.Add(made);
            var after = AccessTokenDetails.Of(made, actor.Name);
            write.Record("access_token.create", ConfigurationKinds.AccessToken, made.Id, organisation, null, after, DocumentJson.Default.AccessTokenDetails);
            return new CreatedAccessToken { Token = after, Secret = secret };
        }, cancellationToken);
    }
}
