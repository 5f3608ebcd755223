namespace AspireGateway.Shared.Domain;

/// <summary>The roles of the control plane; what each may do is decided on the server, per command.</summary>
public static class Roles
{
    /// <summary>Runs the installation: creates organisations and sees all of them.</summary>
    public const string Operator = "operator";

    /// <summary>Administers one organisation.</summary>
    public const string OrganisationAdmin = "org_admin";

    /// <summary>Providers, credentials, models and routes of one organisation.</summary>
    public const string Platform = "platform";

    /// <summary>Leads teams: their members, keys and budgets.</summary>
    public const string TeamLead = "team_lead";

    /// <summary>Own keys within the team's ceiling.</summary>
    public const string Developer = "developer";

    /// <summary>Reads all costs of the organisation.</summary>
    public const string FinOps = "finops";

    /// <summary>Guardrail policies and quarantine.</summary>
    public const string SecurityReviewer = "security_reviewer";

    /// <summary>Reads and exports the audit.</summary>
    public const string Auditor = "auditor";

    /// <summary>Every role, in the order of the table in the contracts.</summary>
    public static readonly IReadOnlyList<string> All =
        [Operator, OrganisationAdmin, Platform, TeamLead, Developer, FinOps, SecurityReviewer, Auditor];
}
