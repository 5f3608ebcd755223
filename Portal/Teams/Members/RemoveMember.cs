using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Teams.Members;

/// <summary>Takes somebody out of a team. For admins, and for leads of the team. Keys that they issued stay: whoever manages the team's keys revokes them.</summary>
public sealed class RemoveMember(ConfigurationWriter writer)
{
    /// <summary>Takes them out; it holds from their next click or call on.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid team, Guid person, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageMembers) is { } refusal) return refusal;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            if (await MemberRights.RefuseAsync(write, actor, team, token) is { } foreign) return foreign;
            var user = await write.Context.Users.FirstOrDefaultAsync(u => u.Id == person && u.OrganisationId == actor.OrganisationId, token);
            var member = user is null ? null : await write.Context.TeamMembers.FirstOrDefaultAsync(m => m.TeamId == team && m.UserId == person, token);
            if (member is null) return new Failure.NotFound("member");
            if (MemberRights.Refuse(actor, user!) is { } denied) return denied;
            write.Context.TeamMembers.Remove(member);
            write.Note(
                "team.remove_member", ConfigurationKinds.Team, team, user!.OrganisationId, new() { TeamId = team, UserId = person, Email = user.Email, IsLead = member.IsLead }, DocumentJson.Default.MemberDetails);
            return new Done();
        }, cancellationToken);
    }
}
