using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>Issues a virtual key. For those who may manage keys of the team; a developer gets one of his own.</summary>
public sealed class IssueKey(ConfigurationWriter writer, TimeProvider clock)
{
    /// <summary>Issues it; the secret is in the answer and nowhere else.</summary>
    public Task<Result<IssuedKey>> RunAsync(Actor actor, IssueKeyRequest request, CancellationToken cancellationToken) =>
        IssueAsync(actor, request, Permissions.Of(actor, Permission.ManageKeys) == Reach.Own ? actor.UserId : null, cancellationToken);

    /// <summary>Issues it as the actor's own, whatever the role: what a person does by it stands with what is theirs.</summary>
    public Task<Result<IssuedKey>> OwnAsync(Actor actor, IssueKeyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return IssueAsync(actor, request, actor.UserId, cancellationToken);
    }

    private async Task<Result<IssuedKey>> IssueAsync(Actor actor, IssueKeyRequest request, Guid? owner, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageKeys) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Must(request.TeamId is not null, "team_id", "team_id is required.");
        checks.Must(request.ExpiresAt is null || request.ExpiresAt > clock.GetUtcNow(), "expires_at", "expires_at must be in the future.");
        var settings = KeySettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<IssuedKey>(actor, async (write, token) =>
        {
            var team = await write.Context.Teams.FirstOrDefaultAsync(t => t.Id == request.TeamId && t.OrganisationId == organisation, token);
            if (team is null) return new Failure.NotFound("team");
            if (Permissions.Refuse(actor, Permission.ManageKeys, team.Id, owner) is { } foreign) return foreign;
            if (team.ArchivedAt is not null) return new Failure.Conflict("The team is archived: its keys do not work.", "team_id");
            if (await settings.CheckAsync(write.Context, actor, team, null, token) is { } failure) return failure;

            var secret = VirtualKeySecret.Create();
            var key = new VirtualKey
            {
                Id = write.NewId(), OrganisationId = organisation, TeamId = team.Id, OwnerId = owner, Name = settings.Name,
                Prefix = VirtualKeySecret.PrefixOf(secret), SecretHash = VirtualKeySecret.Hash(secret), CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            settings.Apply(key);
            write.Context.VirtualKeys.Add(key);
            var after = KeyDetails.Of(key);
            write.Record("virtual_key.issue", ConfigurationKinds.VirtualKey, key.Id, organisation, null, after, DocumentJson.Default.KeyDetails);
            return new IssuedKey { Key = after, Secret = secret };
        }, cancellationToken);
    }
}
