namespace AspireGateway.Portal.Security;

/// <summary>What can be permitted; a row of the contracts' table.</summary>
public enum Permission
{
    /// <summary>Create organisations and see all of them.</summary>
    ManageOrganisations,

    /// <summary>Create, change and archive teams.</summary>
    ManageTeams,

    /// <summary>Say who is in a team and who leads it.</summary>
    ManageMembers,

    /// <summary>See the people who may sign in, with their roles.</summary>
    SeePeople,

    /// <summary>Say what a feature is for and who answers for it.</summary>
    ManageFeatures,

    /// <summary>Issue, change, rotate and revoke keys.</summary>
    ManageKeys,

    /// <summary>List keys, without their secrets.</summary>
    SeeKeys,

    /// <summary>Create, change and delete providers, credentials, deployments, prices and models.</summary>
    ManageModels,

    /// <summary>List teams, providers, deployments, prices and models.</summary>
    SeeModels,

    /// <summary>See usage, requests and what they cost.</summary>
    SeeCosts,

    /// <summary>Read the configuration audit.</summary>
    ReadAudit,

    /// <summary>Take the configuration audit away as a file.</summary>
    ExportAudit,

    /// <summary>Set limits, budgets, raises and tiers.</summary>
    ManageBudgets,

    /// <summary>List limits, budgets and tiers.</summary>
    SeeBudgets,

    /// <summary>Stop scopes and let them go again.</summary>
    ThrowKillSwitch,

    /// <summary>Grant and deny approvals of costly requests.</summary>
    ApproveRequests,

    /// <summary>Set and delete guardrail policies.</summary>
    ManageGuardrails,

    /// <summary>List guardrail policies and what was found.</summary>
    SeeGuardrails,

    /// <summary>Look after alerts and mute them.</summary>
    ManageAlerts,

    /// <summary>Release and reject quarantined requests.</summary>
    ReleaseQuarantine,

    /// <summary>Read the texts of requests, for a reason.</summary>
    ReadContent,

    /// <summary>Say which texts are kept, place and release legal holds, and erase a user's texts.</summary>
    ManageContent,

    /// <summary>Create, change and delete webhooks.</summary>
    ManageWebhooks,

    /// <summary>Take the whole configuration away as a file, bring one in, and roll back.</summary>
    ManageConfiguration,
}

/// <summary>How far a permission goes.</summary>
public enum Reach
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The actor's own things.</summary>
    Own,

    /// <summary>The actor's teams.</summary>
    Teams,

    /// <summary>The whole organisation.</summary>
    Organisation,
}
