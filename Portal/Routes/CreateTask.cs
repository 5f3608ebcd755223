using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Routes;

/// <summary>Adds a task of the organisation's own. For operators, organisation admins and platform engineers.</summary>
public sealed class CreateTask(ConfigurationWriter writer)
{
    /// <summary>Adds it; gateways follow within a second.</summary>
    public Task<Result<TaskDetails>> RunAsync(Actor actor, TaskRequest request, CancellationToken cancellationToken) =>
        writer.CreateAsync(RouteKinds.Task, actor, checks => TaskSettings.Read(checks, request), cancellationToken);
}
