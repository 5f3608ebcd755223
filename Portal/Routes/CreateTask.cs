using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Adds a task of the organisation's own. For operators, organisation admins and platform engineers.</summary>
public sealed class CreateTask(ConfigurationWriter writer)
{
    /// <summary>Adds it; gateways follow within a second.</summary>
    public async Task<Result<TaskDetails>> RunAsync(Actor actor, TaskRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = TaskSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TaskDetails>(actor, async (write, token) =>
        {
            if (await write.Context.RoutingTasks.CountAsync(r => r.OrganisationId == organisation, token) >= RuleBounds.MaxTasks)
                return new Failure.Conflict($"There are {RuleBounds.MaxTasks} tasks already, as many as there may be. Delete one first.");
            if (await settings.CheckAsync(write.Context, organisation, Guid.Empty, token) is { } contradiction) return contradiction;
            var row = new RoutingTask
            {
                Id = write.NewId(), OrganisationId = organisation, Name = "", CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            settings.Apply(row);
            write.Context.RoutingTasks.Add(row);
            var after = TaskDetails.Of(row);
            write.Record("task.create", ConfigurationKinds.Task, row.Id, organisation, null, after, DocumentJson.Default.TaskDetails);
            return after;
        }, cancellationToken);
    }
}
