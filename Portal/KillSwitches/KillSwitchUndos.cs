using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class KillSwitchUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<ReleaseKillSwitch, Done>("kill_switch.throw", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<ThrowKillSwitch, KillSwitchDetails>("kill_switch.release", (command, actor, change, stop) =>
            command.RunAsync(actor, change.Request(ApiJson.Default.ThrowKillSwitchRequest), stop));
}
