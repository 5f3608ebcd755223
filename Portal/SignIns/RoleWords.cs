using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.SignIns;

/// <summary>Roles as people read them.</summary>
public static class RoleWords
{
    /// <summary>The role's name.</summary>
    public static string Of(string role) => role switch
    {
        Roles.Operator => "Operator",
        Roles.OrganisationAdmin => "Organisation admin",
        Roles.Platform => "Platform engineer",
        Roles.TeamLead => "Team lead",
        Roles.Developer => "Developer",
        Roles.FinOps => "FinOps",
        Roles.SecurityReviewer => "Security reviewer",
        Roles.Auditor => "Auditor",
        _ => role,
    };

    /// <summary>What it is for, in a sentence.</summary>
    public static string Purpose(string role) => role switch
    {
        Roles.OrganisationAdmin => "Everything in this organisation, this mapping included.",
        Roles.Platform => "Providers, models, routes, canaries, pins and every key.",
        Roles.TeamLead => "Keys, limits and budgets of the teams they lead.",
        Roles.Developer => "Own keys in own teams, within what the team allows.",
        Roles.FinOps => "All costs, and approvals of costly requests.",
        Roles.SecurityReviewer => "Guardrails, the audit and kill switches.",
        Roles.Auditor => "Reads costs, budgets and the audit; changes nothing.",
        _ => "",
    };
}
