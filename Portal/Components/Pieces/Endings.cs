using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Components.Pieces;

/// <summary>The words for how a request can end.</summary>
public static class Endings
{
    /// <summary>Every ending with its word, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<(string Status, string Words)> All =
    [
        (UsageStatuses.Ok, "Answered"), (UsageStatuses.Refused, "Refused"), (UsageStatuses.Failed, "Failed"), (UsageStatuses.Degraded, "Canned answer"), (UsageStatuses.Truncated, "Cut off"),
        (UsageStatuses.Aborted, "Caller left"), (UsageStatuses.Orphaned, "Gateway died"),
    ];

    /// <summary>The word for one; an unknown one stays as it is.</summary>
    public static string Words(string status)
    {
        foreach (var (known, words) in All)
            if (string.Equals(known, status, StringComparison.Ordinal)) return words;
        return status;
    }
}
