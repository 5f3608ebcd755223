using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.SignIns;

namespace AspireGateway.Portal.Users;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class UserUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<SetRole, PersonDetails>("user.set_role", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.SetRoleRequest), stop));
}
