using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Models;

/// <summary>Deletes a logical model that is no default. For those who manage models.</summary>
public sealed class DeleteModel(ConfigurationWriter writer)
{
    /// <summary>Deletes it with its aliases; its deployments stay.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var model = await write.Context.Models.Include(m => m.Aliases).Include(m => m.Deployments).AsSplitQuery()
                .FirstOrDefaultAsync(m => m.Id == id && m.OrganisationId == organisation, token);
            if (model is null) return new Failure.NotFound("model");
            if (await ModelNames.CheckUnusedAsync(write.Context, organisation, [model.Name, .. model.Aliases.Select(a => a.Name)], write.Now, token) is { } used)
                return used;
            var before = ModelDetails.Of(model);
            write.Context.Models.Remove(model);
            write.Record<ModelDetails>("model.delete", ConfigurationKinds.Model, id, organisation, before, null, DocumentJson.Default.ModelDetails);
            return new Done();
        }, cancellationToken);
    }
}
