using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Security;

/// <summary>The table of roles: what each may do, and how far. Checked in every command and query, on the server.</summary>
public static class Permissions
{
    /// <summary>How far the actor's widest role carries the permission.</summary>
    public static Reach Of(Actor actor, Permission permission)
    {
        var widest = Reach.None;
        foreach (var role in actor.Roles)
        {
            var reach = Of(role, permission);
            if (reach > widest) widest = reach;
        }
        return widest;
    }

    /// <summary>How far one role carries the permission.</summary>
    public static Reach Of(string role, Permission permission) => (role, permission) switch
    {
        // Administrators of either kind have no business in texts.
        (_, Permission.ReadContent) => role is Roles.SecurityReviewer or Roles.Auditor ? Reach.Organisation : Reach.None,
        (Roles.Operator, _) => Reach.Organisation,
        (_, Permission.ManageOrganisations) => Reach.None,
        (Roles.OrganisationAdmin, _) => Reach.Organisation,

        (Roles.Platform, Permission.ManageKeys or Permission.SeeKeys or Permission.ManageModels or Permission.SeeModels or Permission.SeeCosts
            or Permission.SeeBudgets or Permission.ThrowKillSwitch or Permission.ManageFeatures or Permission.SeeGuardrails or Permission.ManageAlerts) => Reach.Organisation,
        // What they changed themselves, so that they can take it back.
        (Roles.Platform, Permission.ReadAudit) => Reach.Own,
        (Roles.TeamLead, Permission.ManageKeys or Permission.SeeKeys or Permission.SeeCosts or Permission.ReadAudit or Permission.ExportAudit
            or Permission.ManageBudgets or Permission.SeeBudgets or Permission.ThrowKillSwitch or Permission.ApproveRequests
            or Permission.SeePeople or Permission.ManageMembers) => Reach.Teams,
        (Roles.Developer, Permission.ManageKeys or Permission.SeeKeys or Permission.SeeCosts or Permission.SeeBudgets) => Reach.Own,
        (Roles.FinOps, Permission.SeeKeys or Permission.SeeCosts or Permission.SeeBudgets or Permission.ApproveRequests or Permission.ManageFeatures) => Reach.Organisation,
        (Roles.SecurityReviewer, Permission.SeeKeys or Permission.ReadAudit or Permission.ThrowKillSwitch or Permission.ManageGuardrails or Permission.SeeGuardrails or Permission.ManageAlerts or Permission.ReleaseQuarantine or Permission.ManageContent) => Reach.Organisation,
        (Roles.Auditor, Permission.SeeKeys or Permission.SeeCosts or Permission.ReadAudit or Permission.ExportAudit or Permission.SeeBudgets or Permission.SeeGuardrails) => Reach.Organisation,
        (Roles.TeamLead or Roles.Developer or Roles.FinOps or Roles.SecurityReviewer or Roles.Auditor, Permission.SeeModels) => Reach.Organisation,
        _ => Reach.None,
    };

    /// <summary>Null when the actor may do it somewhere in its organisation; otherwise why not.</summary>
    public static Failure? Refuse(Actor actor, Permission permission)
    {
        if (Of(actor, permission) == Reach.None) return new Failure.Forbidden($"Your role may not {InWords(permission)}.");
        if (actor.OrganisationId is null && permission != Permission.ManageOrganisations) return new Failure.NotFound("organisation");
        return null;
    }

    /// <summary>Null when the actor may do it to a thing of this team and owner; otherwise why not.</summary>
    public static Failure? Refuse(Actor actor, Permission permission, Guid teamId, Guid? ownerId)
    {
        if (Refuse(actor, permission) is { } refusal) return refusal;
        return Of(actor, permission) switch
        {
            Reach.Teams when !actor.TeamIds.Contains(teamId) => new Failure.Forbidden("You may do this for your own teams only."),
            Reach.Own when actor.UserId is null || ownerId != actor.UserId || !actor.TeamIds.Contains(teamId) =>
                new Failure.Forbidden("You may do this for your own keys in your own teams only."),
            _ => null,
        };
    }

    private static string InWords(Permission permission) => permission switch
    {
        Permission.ManageOrganisations => "create or list organisations",
        Permission.ManageTeams => "create or change teams",
        Permission.ManageMembers => "change who is in a team",
        Permission.SeePeople => "see the people who may sign in",
        Permission.ManageFeatures => "name owners of features",
        Permission.ManageKeys => "issue or change keys",
        Permission.SeeKeys => "see keys",
        Permission.ManageModels => "change providers, credentials, deployments, prices or models",
        Permission.SeeModels => "see models",
        Permission.SeeCosts => "see usage and costs",
        Permission.ManageBudgets => "set limits, budgets or tiers",
        Permission.SeeBudgets => "see limits and budgets",
        Permission.ThrowKillSwitch => "stop scopes",
        Permission.ApproveRequests => "decide approvals",
        Permission.ManageGuardrails => "set guardrail policies",
        Permission.SeeGuardrails => "see guardrail policies",
        Permission.ManageAlerts => "look after alerts or mute them",
        Permission.ReleaseQuarantine => "decide on quarantined requests",
        Permission.ReadContent => "read the texts of requests",
        Permission.ManageContent => "change which texts are kept, hold or erase them",
        Permission.ManageWebhooks => "change webhooks",
        Permission.ExportAudit => "export the audit",
        Permission.ManageConfiguration => "export, import or roll back the whole configuration",
        _ => "read the audit",
    };
}
