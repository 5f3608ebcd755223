using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Teams;

/// <summary>Changes a team. For operators and organisation admins.</summary>
public sealed class UpdateTeam(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change. Keys that allowed more than the team does now are held to the team's at once.</summary>
    public async Task<Result<TeamDetails>> RunAsync(Actor actor, Guid id, UpdateTeamRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name);
        var allowed = checks.Patterns("allowed_models", request.AllowedModels);
        var regions = checks.Regions("allowed_regions", request.AllowedRegions);
        var level = string.IsNullOrEmpty(request.GuardrailLevel) ? null : checks.Choice("guardrail_level", request.GuardrailLevel, GuardrailLevels.Floors);
        var model = checks.AllowedReference("default_model", request.DefaultModel, allowed);
        var policy = ApprovalPolicy.Read(
            checks, request.ApprovalThresholdUsd, request.ApprovalThresholdNanoUsd, request.ApprovalAction, request.ApprovalModel, allowed);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TeamDetails>(actor, async (write, token) =>
        {
            var team = await write.Context.Teams.FirstOrDefaultAsync(t => t.Id == id && t.OrganisationId == organisation, token);
            if (team is null) return new Failure.NotFound("team");
            if (team.ArchivedAt is not null) return new Failure.Conflict("The team is archived.");
            if (await ModelNames.CheckAsync(write.Context, organisation, "default_model", model, token) is { } unknown) return unknown;
            if (await ModelNames.CheckAsync(write.Context, organisation, "approval_model", policy.Model, token) is { } noModel) return noModel;

            var before = TeamDetails.Of(team);
            (team.Name, team.AllowedModels, team.AllowedRegions, team.GuardrailLevel, team.DefaultModel) = (name, allowed, regions, level, model);
            (team.ApprovalThresholdNanoUsd, team.ApprovalAction, team.ApprovalModel) = (policy.ThresholdNanoUsd, policy.Action, policy.Model);
            var after = TeamDetails.Of(team);
            write.Record("team.update", ConfigurationKinds.Team, team.Id, organisation, before, after, DocumentJson.Default.TeamDetails);
            return after;
        }, cancellationToken);
    }
}
