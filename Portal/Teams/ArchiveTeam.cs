using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Teams;

/// <summary>Puts a team away, or takes it out again. For operators and organisation admins.</summary>
public sealed class ArchiveTeam(ConfigurationWriter writer)
{
    /// <summary>Archives or restores; the second time changes nothing. An archived team's keys are refused until it is restored.</summary>
    public async Task<Result<TeamDetails>> RunAsync(Actor actor, Guid id, bool archived, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<TeamDetails>(actor, async (write, token) =>
        {
            var team = await write.Context.Teams.FirstOrDefaultAsync(t => t.Id == id && t.OrganisationId == organisation, token);
            if (team is null) return new Failure.NotFound("team");
            var before = TeamDetails.Of(team);
            if (archived == team.ArchivedAt is not null) return before;

            team.ArchivedAt = archived ? write.Now : null;
            var after = TeamDetails.Of(team);
            write.Record(archived ? "team.archive" : "team.restore", ConfigurationKinds.Team, id, organisation, before, after, DocumentJson.Default.TeamDetails);
            return after;
        }, cancellationToken);
    }
}
