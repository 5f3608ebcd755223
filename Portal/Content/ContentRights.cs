using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Content;

/// <summary>What the commands of the content store have in common.</summary>
internal static class ContentRights
{
    /// <summary>Shortest reason, in characters: a word says nothing to whoever reads the audit.</summary>
    public const int MinReason = 10;

    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>Longest name of a user, in characters.</summary>
    public const int MaxUser = 128;

    /// <summary>Reads why somebody wants something.</summary>
    public static string Reason(FieldChecks checks, string? value)
    {
        var reason = checks.Text("reason", value, MaxReason);
        checks.Must(reason.Length == 0 || reason.Length >= MinReason, "reason", $"reason must be at least {MinReason} characters long: say what for, such as the number of a ticket and what is looked for. It stands in the audit.");
        return reason;
    }
}
