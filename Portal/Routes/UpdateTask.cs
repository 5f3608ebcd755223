using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Routes;

/// <summary>Changes a task of the organisation's own. For operators, organisation admins and platform engineers.</summary>
public sealed class UpdateTask(ConfigurationWriter writer)
{
    /// <summary>Sets all its values; gateways follow within a second.</summary>
    public Task<Result<TaskDetails>> RunAsync(Actor actor, Guid id, TaskRequest request, CancellationToken cancellationToken) =>
        writer.UpdateAsync(RouteKinds.Task, actor, id, checks => TaskSettings.Read(checks, request), cancellationToken);
}
