using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;

namespace AspireGateway.Portal.Teams;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class TeamUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        // A team is put away, never deleted: its requests stay its own.
        .AddUndo<ArchiveTeam, TeamDetails>("team.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, archived: true, stop))
        .AddUndo<UpdateTeam, TeamDetails>("team.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.UpdateTeamRequest), stop))
        .AddUndo<ArchiveTeam, TeamDetails>("team.archive", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, archived: false, stop))
        .AddUndo<ArchiveTeam, TeamDetails>("team.restore", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, archived: true, stop));
}
