namespace AspireGateway.Shared.Domain.Limits;

/// <summary>
/// A request that was dearer than its team's or key's policy lets pass unasked. A gateway writes it with status pending (its id is the ticket), an approver
/// decides it in the portal; gateways load granted ones.
/// </summary>
public sealed class Approval
{
    /// <summary>UUIDv7; the ticket.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The key's team, whose leads may decide it.</summary>
    public Guid TeamId { get; set; }

    /// <summary>The key; only it may use the ticket.</summary>
    public Guid KeyId { get; set; }

    /// <summary>Usage record of the request that asked.</summary>
    public Guid RecordId { get; set; }

    /// <summary>The model; only it may be used with the ticket.</summary>
    public required string Model { get; set; }

    /// <summary>The end user, as the caller named them.</summary>
    public string? UserId { get; set; }

    /// <summary>The feature.</summary>
    public string? Feature { get; set; }

    /// <summary>What the request would probably cost, in nano-USD.</summary>
    public long ExpectedNanoUsd { get; set; }

    /// <summary>What it could cost at most, in nano-USD.</summary>
    public long WorstCaseNanoUsd { get; set; }

    /// <summary>The policy's threshold then, in nano-USD.</summary>
    public long ThresholdNanoUsd { get; set; }

    /// <summary>One of <see cref="ApprovalStatuses"/>.</summary>
    public string Status { get; set; } = ApprovalStatuses.Pending;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Who decided, as in the audit.</summary>
    public string? DecidedBy { get; set; }

    /// <summary>Why, in their words.</summary>
    public string? Reason { get; set; }

    /// <summary>Granted for one request (true), or for any number until <see cref="ValidUntil"/>.</summary>
    public bool Once { get; set; } = true;

    /// <summary>What one request may cost at most under it, in nano-USD.</summary>
    public long? CeilingNanoUsd { get; set; }

    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset? ValidUntil { get; set; }
}

/// <summary>States of an approval.</summary>
public static class ApprovalStatuses
{
    /// <summary>Nobody has decided.</summary>
    public const string Pending = "pending";

    /// <summary>It may be used.</summary>
    public const string Granted = "granted";

    /// <summary>It may not.</summary>
    public const string Denied = "denied";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Pending, Granted, Denied];
}

/// <summary>What becomes of a request that is dearer than the threshold.</summary>
public static class ApprovalActions
{
    /// <summary>402 <c>approval_required</c> with a ticket.</summary>
    public const string Wait = "wait";

    /// <summary>It goes to a cheaper model.</summary>
    public const string Cheaper = "cheaper";
}
