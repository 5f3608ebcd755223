using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Tiers;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class TierUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteTier, Done>("tier.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateTier, TierDetails>("tier.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.TierRequest), stop))
        .AddUndo<CreateTier, TierDetails>("tier.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.TierRequest), stop))
        .AddUndo<AssignTier, TierAssignmentDetails>("tier.unassign", (command, actor, change, stop) => command.RunAsync(actor, Given(change), stop))
        .AddSingleton<TierBefore>()
        .AddUndo<TierBefore, Done>("tier.assign", (command, actor, change, stop) => command.RunAsync(actor, change, stop));

    private static AssignTierRequest Given(UndoneChange change) => change.Request(ApiJson.Default.AssignTierRequest, null, ("tier_id", "tier"));

    // Who had no tier before has none again.
    private sealed class TierBefore(AssignTier assign, UnassignTier unassign)
    {
        public async Task<Result<Done>> RunAsync(Actor actor, UndoneChange change, CancellationToken cancellationToken)
        {
            if (change.Before is null) return await unassign.RunAsync(actor, change.Text("scope_kind"), change.Text("scope_id"), cancellationToken);
            return (await assign.RunAsync(actor, Given(change), cancellationToken)).Failure is { } failure ? failure : new Done();
        }
    }
}
