using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Teams;

/// <summary>Creates a team. For operators and organisation admins.</summary>
public sealed class CreateTeam(ConfigurationWriter writer)
{
    /// <summary>Creates it, without members or keys.</summary>
    public async Task<Result<TeamDetails>> RunAsync(Actor actor, CreateTeamRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name);
        var slug = checks.Slug("slug", string.IsNullOrWhiteSpace(request.Slug) ? FieldChecks.SlugOf(name) : request.Slug);
        var allowed = checks.Patterns("allowed_models", request.AllowedModels);
        var regions = checks.Regions("allowed_regions", request.AllowedRegions);
        var level = string.IsNullOrEmpty(request.GuardrailLevel) ? null : checks.Choice("guardrail_level", request.GuardrailLevel, GuardrailLevels.Floors);
        var model = checks.AllowedReference("default_model", request.DefaultModel, allowed);
        var policy = ApprovalPolicy.Read(
            checks, request.ApprovalThresholdUsd, request.ApprovalThresholdNanoUsd, request.ApprovalAction, request.ApprovalModel, allowed);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TeamDetails>(actor, async (write, token) =>
        {
            if (await ModelNames.CheckAsync(write.Context, organisation, "default_model", model, token) is { } unknown) return unknown;
            if (await ModelNames.CheckAsync(write.Context, organisation, "approval_model", policy.Model, token) is { } noModel) return noModel;
            var team = new Team
            {
                Id = write.NewId(), OrganisationId = organisation, Slug = slug, Name = name, AllowedModels = allowed, AllowedRegions = regions, GuardrailLevel = level, DefaultModel = model,
                ApprovalThresholdNanoUsd = policy.ThresholdNanoUsd, ApprovalAction = policy.Action, ApprovalModel = policy.Model, CreatedAt = write.Now,
            };
            write.Context.Teams.Add(team);
            var after = TeamDetails.Of(team);
            write.Record("team.create", ConfigurationKinds.Team, team.Id, organisation, null, after, DocumentJson.Default.TeamDetails);
            return after;
        }, cancellationToken);
    }
}
