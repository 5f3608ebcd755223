using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Changes a task of the organisation's own. For operators, organisation admins and platform engineers.</summary>
public sealed class UpdateTask(ConfigurationWriter writer)
{
    /// <summary>Sets all its values.</summary>
    public async Task<Result<TaskDetails>> RunAsync(Actor actor, Guid id, TaskRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = TaskSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TaskDetails>(actor, async (write, token) =>
        {
            var row = await write.Context.RoutingTasks.FirstOrDefaultAsync(r => r.Id == id && r.OrganisationId == organisation, token);
            if (row is null) return new Failure.NotFound("task");
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } contradiction) return contradiction;
            var before = TaskDetails.Of(row);
            settings.Apply(row);
            var after = TaskDetails.Of(row);
            write.Record("task.update", ConfigurationKinds.Task, id, organisation, before, after, DocumentJson.Default.TaskDetails);
            return after;
        }, cancellationToken);
    }
}
