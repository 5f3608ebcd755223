using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Canaries;

/// <summary>Begins a canary. For those who manage models.</summary>
public sealed class CreateCanary(ConfigurationWriter writer)
{
    private const int MaxSteps = 20, MaxMinutes = 43_200;

    /// <summary>Begins it; the split is live within a second.</summary>
    public async Task<Result<CanaryDetails>> RunAsync(Actor actor, CreateCanaryRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var model = checks.ModelName("model", request.Model);
        var deployment = checks.Text("deployment", request.Deployment);
        var sticky = checks.Choice("sticky", request.Sticky, CanaryStickiness.All, CanaryStickiness.User);
        var steps = ReadSteps(checks, request.Steps);
        checks.Range("min_requests", request.MinRequests, 1, 1_000_000);
        var guards = request.Guards ?? CanaryGuards.Default;
        checks.Must(guards.MaxErrorIncrease is null or (>= 0 and <= 1), "guards", "max_error_increase is a share from 0 to 1, e.g. 0.02 for two points.");
        checks.Must(guards.MaxLatencyRatio is null or (>= 1 and <= 100), "guards", "max_latency_ratio is from 1 to 100, e.g. 1.3 for 30 % slower.");
        checks.Must(guards.MaxCostRatio is null or (>= 1 and <= 100), "guards", "max_cost_ratio is from 1 to 100, e.g. 1.15 for 15 % dearer.");
        checks.Must(guards.MaxQualityDrop is null or (>= 0 and <= 1), "guards", "max_quality_drop is from 0 to 1.");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<CanaryDetails>(actor, async (write, token) =>
        {
            var context = write.Context;
            Guid? given = Guid.TryParse(deployment, out var parsed) ? parsed : null;
            var target = await context.Deployments.Where(d => d.OrganisationId == organisation && (d.Id == given || d.Name == deployment))
                .OrderByDescending(d => d.Id == given).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(token);
            if (target is not { } to) return new Failure.Invalid([new("deployment", $"There is no deployment {deployment}.")]);
            var found = await context.Models.Include(m => m.Deployments).FirstOrDefaultAsync(m => m.OrganisationId == organisation && (m.Name == model || m.Aliases.Any(a => a.Name == model)), token);
            if (found is null) return new Failure.Invalid([new("model", $"There is no model {model}.")]);
            if (!found.Deployments.Exists(d => d.DeploymentId != to)) return new Failure.Invalid([new("deployment", $"Model {found.Name} has no other deployment to compare it with.")]);
            if (await context.Canaries.AnyAsync(c => c.OrganisationId == organisation && c.Model == found.Name && c.Status == CanaryStatuses.Running, token))
                return new Failure.Conflict($"A canary of model {found.Name} runs already. Promote or abort it first.", "model");

            var canary = new Canary
            {
                Id = write.NewId(), OrganisationId = organisation, Model = found.Name, DeploymentId = to, Sticky = sticky, MinRequests = request.MinRequests ?? 100,
                Shares = [.. steps.Select(s => (int)(s.Percent!.Value * 100))], DwellSeconds = [.. steps.Select(s => (int)((s.Minutes ?? 0) * 60))],
                MaxErrorIncrease = guards.MaxErrorIncrease, MaxLatencyRatio = guards.MaxLatencyRatio, MaxCostRatio = guards.MaxCostRatio, MaxQualityDrop = guards.MaxQualityDrop,
                CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            context.Canaries.Add(canary);
            var after = CanaryDetails.Of(canary);
            write.Record("canary.create", ConfigurationKinds.Canary, canary.Id, organisation, null, after, DocumentJson.Default.CanaryDetails);
            return after;
        }, cancellationToken);
    }

    private static IReadOnlyList<CanaryStep> ReadSteps(FieldChecks checks, IReadOnlyList<CanaryStep>? steps)
    {
        if (steps is not { Count: >= 1 and <= MaxSteps } || steps.Any(s => s is null))
        {
            checks.Add("steps", $"steps holds 1 to {MaxSteps} steps such as {{\"percent\": 5, \"minutes\": 30}}.");
            return [];
        }
        checks.Must(steps.All(s => s.Percent is >= 0.01m and <= 100), "steps", "The percent of a step is from 0.01 to 100.");
        checks.Must(steps.SkipLast(1).All(s => s.Minutes is >= 0 and <= MaxMinutes), "steps", $"Each step but the last has minutes, from 0 to {MaxMinutes}.");
        checks.Must(steps[^1].Minutes is null or 0, "steps", "The last step has no minutes: it stays until the canary is promoted or aborted.");
        checks.Must(steps.Zip(steps.Skip(1)).All(pair => pair.First.Percent < pair.Second.Percent), "steps", "The percent of each step is above that of the one before.");
        return steps;
    }
}
