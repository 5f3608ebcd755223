using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>How changes of policies are taken back. Holds, reads and erasures are not.</summary>
internal static class ContentUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteContentPolicy, Done>("content.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<SetContentPolicy, ContentPolicyDetails>("content.update", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetContentPolicyRequest), stop))
        .AddUndo<SetContentPolicy, ContentPolicyDetails>("content.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetContentPolicyRequest), stop));
}
