using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Teams.Members;

/// <summary>Who may say who is in a team.</summary>
internal static class MemberRights
{
    /// <summary>Null when the actor may change the team's members; otherwise why not.</summary>
    public static async Task<Failure?> RefuseAsync(ConfigurationWrite write, Actor actor, Guid team, CancellationToken cancellationToken)
    {
        if (!await write.Context.Teams.AnyAsync(t => t.Id == team && t.OrganisationId == actor.OrganisationId, cancellationToken)) return new Failure.NotFound("team");
        return Permissions.Refuse(actor, Permission.ManageMembers, team, null);
    }

    /// <summary>Null when this person's place can be changed by hand; otherwise why not.</summary>
    public static Failure? Refuse(Actor actor, User user)
    {
        // So that nobody leaves a team without a lead by a slip, nor makes themselves one.
        if (user.Id == actor.UserId) return new Failure.Forbidden("Your own place in a team has to be changed by somebody else.");
        // The next sign-in would undo it without a word.
        return user.RoleSource == RoleSources.Mapping
            ? new Failure.Conflict("This person's teams come from the sign-in mapping. Change their groups at the identity provider, or have an administrator give their role by hand.", "email")
            : null;
    }
}
