using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Reliability;

/// <summary>Sets how hard a model tries and where its requests go when it fails. For those who manage models.</summary>
public sealed class SetModelReliability(ConfigurationWriter writer)
{
    /// <summary>Sets all values; gateways hold to them within a second.</summary>
    public async Task<Result<ModelReliabilityDetails>> RunAsync(Actor actor, Guid modelId, ModelReliabilityRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = ModelReliabilitySettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ModelReliabilityDetails>(actor, async (write, token) =>
        {
            var model = await write.Context.Models.FirstOrDefaultAsync(m => m.Id == modelId && m.OrganisationId == organisation, token);
            if (model is null) return new Failure.NotFound("model");
            if (await ModelReliabilitySettings.CheckAsync(write.Context, organisation, model.Name, settings, token) is { } failure) return failure;
            var before = ModelReliabilityDetails.Of(model);
            model.Reliability = settings;
            var after = ModelReliabilityDetails.Of(model);
            write.Record("model.reliability", ConfigurationKinds.Model, modelId, organisation, before, after, DocumentJson.Default.ModelReliabilityDetails);
            return after;
        }, cancellationToken);
    }
}
