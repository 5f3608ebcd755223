using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Deployments;

/// <summary>Changes a deployment, or takes it out of every plan and back. For those who manage models.</summary>
public sealed class UpdateDeployment(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<DeploymentDetails>> RunAsync(Actor actor, Guid id, UpdateDeploymentRequest request, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        var settings = DeploymentSettings.Read(
            checks, request.Name, request.CredentialId, request.CredentialIds, request.UpstreamModel, request.Region, request.ContextTokens, request.MaxOutputTokens, request.Abilities);
        return await ChangeAsync(actor, id, "deployment.update", checks.Failure, async (write, deployment, token) =>
        {
            if (await settings.CheckAsync(write.Context, deployment.OrganisationId, deployment.ProviderId, token) is { } failure) return failure;
            if (settings.Name != deployment.Name
                && await Routes.RuleTargets.CheckUnusedAsync(write.Context, deployment.OrganisationId, "deployment", [deployment.Name], token) is { } named) return named;
            settings.Apply(deployment);
            return null;
        }, cancellationToken);
    }

    /// <summary>Lets requests go to it or not; the second time changes nothing.</summary>
    public Task<Result<DeploymentDetails>> EnableAsync(Actor actor, Guid id, bool enabled, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, enabled ? "deployment.enable" : "deployment.disable", null, (_, deployment, _) =>
        {
            deployment.IsEnabled = enabled;
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    private async Task<Result<DeploymentDetails>> ChangeAsync(
        Actor actor, Guid id, string action, Failure? faults, Func<ConfigurationWrite, Deployment, CancellationToken, Task<Failure?>> change,
        CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        if (faults is not null) return faults;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<DeploymentDetails>(actor, async (write, token) =>
        {
            var deployment = await write.Context.Deployments.FirstOrDefaultAsync(d => d.Id == id && d.OrganisationId == organisation, token);
            if (deployment is null) return new Failure.NotFound("deployment");
            var before = DeploymentDetails.Of(deployment);
            if (await change(write, deployment, token) is { } failure) return failure;
            var after = DeploymentDetails.Of(deployment);
            if (!Same(before, after)) write.Record(action, ConfigurationKinds.Deployment, id, organisation, before, after, DocumentJson.Default.DeploymentDetails);
            return after;
        }, cancellationToken);
    }

    private static bool Same(DeploymentDetails before, DeploymentDetails after) =>
        before with { Abilities = null, CredentialIds = [] } == after with { Abilities = null, CredentialIds = [] } && before.CredentialIds.SequenceEqual(after.CredentialIds)
        && (before.Abilities is null) == (after.Abilities is null) && (before.Abilities ?? []).SequenceEqual(after.Abilities ?? []);
}
