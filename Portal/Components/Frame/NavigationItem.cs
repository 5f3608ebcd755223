using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Components.Frame;

/// <summary>A place in the left navigation.</summary>
/// <param name="Group">The job it belongs to; items of one group stand together under its name.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Icon">Name of its Material symbol.</param>
/// <param name="Href">Where it leads, relative to the portal's root.</param>
/// <param name="Roles">Who may open it; empty = everyone who is signed in.</param>
public sealed record NavigationItem(string Group, string Title, string Icon, string Href, params IReadOnlyList<string> Roles)
{
    /// <summary>All places, in order. Only what works is listed.</summary>
    public static readonly IReadOnlyList<NavigationItem> All =
    [
        new("", "Overview", "space_dashboard", ""),
        new("Keys & teams", "Keys", "key", "keys"),
        new("Keys & teams", "Teams", "groups", "teams"),
        new("Keys & teams", "Users", "person", "users", RolesWith(Permission.SeePeople, Permission.SeeCosts)),
        new("Keys & teams", "Agents", "smart_toy", "agents", RolesWith(Permission.SeeCosts)),
        new("Keys & teams", "Features", "category", "features", RolesWith(Permission.SeeCosts)),
        new("Models", "Models", "deployed_code", "models"),
        new("Models", "Routes", "alt_route", "routes", RolesWith(Permission.SeeModels)),
        new("Models", "Canaries", "experiment", "canaries"),
        new("Models", "Pins", "push_pin", "pins"),
        new("Models", "Playground", "forum", "playground", RolesWith(Permission.ManageKeys)),
        new("Spend", "Costs", "payments", "costs", RolesWith(Permission.SeeCosts)),
        new("Spend", "Budgets", "savings", "budgets", RolesWith(Permission.SeeBudgets)),
        new("Spend", "Limits", "speed", "limits", RolesWith(Permission.SeeBudgets)),
        new("Spend", "Approvals", "approval", "approvals", RolesWith(Permission.ApproveRequests, Permission.SeeCosts)),
        new("Spend", "Price book", "sell", "prices", RolesWith(Permission.SeeModels)),
        new("Operate", "Requests", "receipt_long", "requests"),
        new("Operate", "Reliability", "monitor_heart", "reliability"),
        new("Operate", "Quality", "grading", "quality"),
        new("Operate", "Benchmarks", "leaderboard", "benchmarks", RolesWith(Permission.SeeModels)),
        new("Operate", "Caching", "cached", "caching", RolesWith(Permission.SeeModels)),
        new("Operate", "Kill switches", "front_hand", "kill-switches", RolesWith(Permission.ThrowKillSwitch, Permission.SeeBudgets)),
        new("Operate", "Digests", "summarize", "digests", [.. Shared.Domain.Roles.All.Where(r => Permissions.Of(r, Permission.SeeCosts) == Reach.Organisation)]),
        new("Protect", "Alerts", "notifications", "alerts", RolesWith(Permission.SeeGuardrails)),
        new("Protect", "Guardrails", "shield", "guardrails", RolesWith(Permission.SeeGuardrails)),
        new("Protect", "Quarantine", "gpp_maybe", "quarantine", RolesWith(Permission.SeeGuardrails)),
        new("Protect", "Content", "inventory_2", "content", RolesWith(Permission.SeeGuardrails)),
        new("Protect", "Residency", "public", "residency"),
        new("Protect", "Audit", "history", "audit", RolesWith(Permission.ReadAudit)),
        new("Settings", "Organisations", "domain", "organisations", RolesWith(Permission.ManageOrganisations)),
        new("Settings", "Sign-in mapping", "badge", "sign-in-mapping", RolesWith(Permission.ManageTeams)),
        new("Settings", "Access tokens", "password", "access-tokens"),
        new("Settings", "Configuration", "settings_backup_restore", "configuration", RolesWith(Permission.ManageConfiguration)),
        new("Settings", "Retention", "auto_delete", "retention", RolesWith(Permission.ManageConfiguration)),
        new("Settings", "Usage files", "download", "usage-exports", RolesWith(Permission.ManageConfiguration)),
        new("Settings", "Webhooks", "webhook", "webhooks", RolesWith(Permission.ManageWebhooks)),
    ];

    // Roles that the query behind a page lets in.
    private static string[] RolesWith(params Permission[] any) => [.. Shared.Domain.Roles.All.Where(r => any.Any(p => Permissions.Of(r, p) > Reach.None))];
}
