using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Deletes a task of the organisation's own. For operators, organisation admins and platform engineers.</summary>
public sealed class DeleteTask(ConfigurationWriter writer)
{
    /// <summary>Deletes it; gateways follow within a second.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var row = await write.Context.RoutingTasks.FirstOrDefaultAsync(r => r.Id == id && r.OrganisationId == organisation, token);
            if (row is null) return new Failure.NotFound("task");
            write.Context.RoutingTasks.Remove(row);
            write.Record<TaskDetails>("task.delete", ConfigurationKinds.Task, id, organisation, TaskDetails.Of(row), null, DocumentJson.Default.TaskDetails);
            return new Done();
        }, cancellationToken);
    }
}
