using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Models;

/// <summary>Changes a logical model. For those who manage models.</summary>
public sealed class UpdateModel(ConfigurationWriter writer)
{
    /// <summary>Sets all values. A name that goes away must not be anyone's default.</summary>
    public async Task<Result<ModelDetails>> RunAsync(Actor actor, Guid id, ModelRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = ModelSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ModelDetails>(actor, async (write, token) =>
        {
            var model = await write.Context.Models.Include(m => m.Aliases).Include(m => m.Deployments).AsSplitQuery()
                .FirstOrDefaultAsync(m => m.Id == id && m.OrganisationId == organisation, token);
            if (model is null) return new Failure.NotFound("model");
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } failure) return failure;
            string[] gone = [.. model.Aliases.Select(a => a.Name).Append(model.Name).Except([settings.Name, .. settings.Aliases], StringComparer.Ordinal)];
            if (await ModelNames.CheckUnusedAsync(write.Context, organisation, gone, write.Now, token) is { } used) return used;

            var before = ModelDetails.Of(model);
            settings.Apply(model);
            var after = ModelDetails.Of(model);
            write.Record("model.update", ConfigurationKinds.Model, id, organisation, before, after, DocumentJson.Default.ModelDetails);
            return after;
        }, cancellationToken);
    }
}
