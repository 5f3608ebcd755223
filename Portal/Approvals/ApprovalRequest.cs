using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Approvals;

/// <summary>How far an approval goes.</summary>
public sealed record GrantApprovalRequest
{
    /// <summary>For one request (also when missing), or for any number until <c>valid_until</c>.</summary>
    public bool? Once { get; init; }

    /// <summary>What one request may cost at most under it, in dollars; this or <c>ceiling_nano_usd</c>; missing = the worst case of the request that asked.</summary>
    public UsdAmount? CeilingUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? CeilingNanoUsd { get; init; }

    /// <summary>Until when it can be used; in the future, within 90 days; missing = 24 hours from now.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Why; at most 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Why a request is not approved.</summary>
public sealed record DenyApprovalRequest
{
    /// <summary>Why, 1 to 500 characters.</summary>
    public string? Reason { get; init; }
}
