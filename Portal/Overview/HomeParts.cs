using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Overview;

/// <summary>The parts of the first page, and which come first for whom.</summary>
public static class HomeParts
{
    /// <summary>Spend today and this month.</summary>
    public const string Money = "money";

    /// <summary>Errors and latency.</summary>
    public const string Health = "health";

    /// <summary>What was refused, and what was changed.</summary>
    public const string Security = "security";

    /// <summary>The order for somebody with these roles; what they may not see is left out elsewhere.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> roles) =>
        roles.Contains(Roles.SecurityReviewer, StringComparer.Ordinal) || roles.Contains(Roles.Auditor, StringComparer.Ordinal) ? [Security, Money, Health]
        : roles.Contains(Roles.Platform, StringComparer.Ordinal) || roles.Contains(Roles.Developer, StringComparer.Ordinal) ? [Health, Money, Security]
        : [Money, Health, Security];
}
