using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Models;

/// <summary>Creates a logical model. For those who manage models.</summary>
public sealed class CreateModel(ConfigurationWriter writer)
{
    /// <summary>Creates it.</summary>
    public async Task<Result<ModelDetails>> RunAsync(Actor actor, ModelRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = ModelSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ModelDetails>(actor, async (write, token) =>
        {
            if (await settings.CheckAsync(write.Context, organisation, null, token) is { } failure) return failure;
            var model = new LogicalModel { Id = write.NewId(), OrganisationId = organisation, Name = settings.Name, CreatedAt = write.Now };
            settings.Apply(model);
            write.Context.Models.Add(model);
            var after = ModelDetails.Of(model);
            write.Record("model.create", ConfigurationKinds.Model, model.Id, organisation, null, after, DocumentJson.Default.ModelDetails);
            return after;
        }, cancellationToken);
    }
}
