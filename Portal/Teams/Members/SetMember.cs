using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Teams.Members;

/// <summary>Takes somebody into a team, or says whether they lead it. For admins, and for leads of the team.</summary>
public sealed class SetMember(ConfigurationWriter writer)
{
    /// <summary>Sets it; it holds from the person's next click or call on.</summary>
    public async Task<Result<MemberDetails>> RunAsync(Actor actor, Guid team, SetMemberRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageMembers) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var email = checks.Text("email", request.Email, 320).Trim().ToLowerInvariant();
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<MemberDetails>(actor, async (write, token) =>
        {
            if (await MemberRights.RefuseAsync(write, actor, team, token) is { } foreign) return foreign;
            var user = await write.Context.Users.FirstOrDefaultAsync(u => u.OrganisationId == actor.OrganisationId && u.Email == email, token);
            if (user is null) return new Failure.Invalid([new("email", "Nobody here has this address. People stand on the Users page once they have signed in.")]);
            if (user.DisabledAt is not null) return new Failure.Conflict("This person's access has ended.", "email");
            if (MemberRights.Refuse(actor, user) is { } denied) return denied;
            var member = await write.Context.TeamMembers.FirstOrDefaultAsync(m => m.TeamId == team && m.UserId == user.Id, token);
            var after = new MemberDetails { TeamId = team, UserId = user.Id, Email = user.Email, IsLead = request.IsLead };
            if (member is not null && member.IsLead == request.IsLead) return after;
            var action = member is null ? "team.add_member" : "team.change_member";
            if (member is null) write.Context.TeamMembers.Add(member = new() { TeamId = team, UserId = user.Id });
            member.IsLead = request.IsLead;
            write.Note(action, ConfigurationKinds.Team, team, user.OrganisationId, after, DocumentJson.Default.MemberDetails);
            return after;
        }, cancellationToken);
    }
}
