namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>
/// A request that a guardrail keeps until a reviewer decides. A gateway writes it with state pending (its id is the ticket) and its text encrypted; once
/// released, its caller may repeat it once.
/// </summary>
public sealed class QuarantinedRequest
{
    /// <summary>How long a released request can be repeated.</summary>
    public static readonly TimeSpan UseWithin = TimeSpan.FromHours(24);

    /// <summary>How long the row is kept once it is decided, without the text.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    /// <summary>UUIDv7; the ticket.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The key's team.</summary>
    public Guid TeamId { get; set; }

    /// <summary>The key; only it may use the ticket.</summary>
    public Guid KeyId { get; set; }

    /// <summary>Usage record of the request that was kept first.</summary>
    public Guid RecordId { get; set; }

    /// <summary>The operation, such as <c>chat_completions</c>.</summary>
    public required string Operation { get; set; }

    /// <summary>The logical model.</summary>
    public required string Model { get; set; }

    /// <summary>The end user, as the caller named them.</summary>
    public string? UserId { get; set; }

    /// <summary>The feature.</summary>
    public string? Feature { get; set; }

    /// <summary>The agent.</summary>
    public string? Agent { get; set; }

    /// <summary>The guardrails that keep it; of <see cref="GuardrailNames"/>. A release is a word about these and no others.</summary>
    public required string[] Guardrails { get; set; }

    /// <summary>What they found, by type, with counts of the same order in <see cref="FindingCounts"/>.</summary>
    public required string[] FindingTypes { get; set; }

    /// <summary>How often each type was found.</summary>
    public required int[] FindingCounts { get; set; }

    /// <summary>Keyed hash of caller, path and body: what the repeated request must be.</summary>
    public required byte[] BodyHash { get; set; }

    /// <summary>Bytes of the body.</summary>
    public int BodyBytes { get; set; }

    /// <summary>The encrypted <see cref="Contracts.QuarantinedPayload"/>; null = it was deleted.</summary>
    public byte[]? Payload { get; set; }

    /// <summary>One of <see cref="QuarantineStates"/>.</summary>
    public string State { get; set; } = QuarantineStates.Pending;

    /// <summary>When it was kept.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it counts as rejected unless somebody decides before.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>When it was decided, or expired.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Who decided, as in the audit; null = nobody did.</summary>
    public string? DecidedBy { get; set; }

    /// <summary>Why, in their words.</summary>
    public string? Note { get; set; }

    /// <summary>Until when a released request can be repeated.</summary>
    public DateTimeOffset? ValidUntil { get; set; }

    /// <summary>When it was repeated.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When webhooks were told that it waits.</summary>
    public DateTimeOffset? AnnouncedAt { get; set; }

    /// <summary>When webhooks were told how it ended.</summary>
    public DateTimeOffset? DecisionAnnouncedAt { get; set; }

    /// <summary>What the payload is sealed for, beside the master key: organisation and ticket.</summary>
    public static byte[] OwnerOf(Guid organisation, Guid ticket) => [.. organisation.ToByteArray(), .. ticket.ToByteArray()];
}

/// <summary>States of a quarantined request.</summary>
public static class QuarantineStates
{
    /// <summary>Nobody has decided.</summary>
    public const string Pending = "pending";

    /// <summary>It may be repeated once.</summary>
    public const string Released = "released";

    /// <summary>It may not.</summary>
    public const string Rejected = "rejected";

    /// <summary>Nobody decided in time: it may not.</summary>
    public const string Expired = "expired";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Pending, Released, Rejected, Expired];
}
