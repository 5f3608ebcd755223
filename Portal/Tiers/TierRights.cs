using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Tiers;

/// <summary>Who may change tiers themselves: a tier is the whole organisation's, so a lead's right does not reach it.</summary>
internal static class TierRights
{
    /// <summary>Null when the actor may; otherwise why not.</summary>
    public static Failure? Refuse(Actor actor) =>
        Permissions.Refuse(actor, Permission.ManageBudgets) is { } refusal ? refusal
        : Permissions.Of(actor, Permission.ManageBudgets) < Reach.Organisation ? new Failure.Forbidden("Tiers are the whole organisation's: an organisation admin may change them.")
        : null;
}
