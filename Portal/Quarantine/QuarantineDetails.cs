using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Quarantine;

/// <summary>A quarantined request as commands and the audit show it; nothing of its text.</summary>
public record QuarantineDetails
{
    /// <summary>UUIDv7; the ticket that the caller sends in <c>x-gateway-approval</c> once it is released.</summary>
    public required Guid Id { get; init; }

    /// <summary>The key's team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The key; only it may use the ticket.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>Usage record of the request.</summary>
    public required Guid RecordId { get; init; }

    /// <summary>The operation, such as <c>chat_completions</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The end user, as the caller named them.</summary>
    public string? UserId { get; init; }

    /// <summary>The feature.</summary>
    public string? Feature { get; init; }

    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The guardrails that keep it; of <see cref="GuardrailNames"/>.</summary>
    public required IReadOnlyList<string> Guardrails { get; init; }

    /// <summary>What they found, most often first.</summary>
    public required IReadOnlyList<QuarantineFinding> Findings { get; init; }

    /// <summary>Bytes of the body.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>Of <see cref="QuarantineStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>When it was kept.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it counts as rejected unless somebody decides before.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When it was decided, or expired; null = it is not.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Who decided; null = nobody did.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Note { get; init; }

    /// <summary>Until when it can be repeated; null = it was not released.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>When it was repeated; null = it was not.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static QuarantineDetails Of(QuarantinedRequest q)
    {
        ArgumentNullException.ThrowIfNull(q);
        return new()
        {
            Id = q.Id, TeamId = q.TeamId, KeyId = q.KeyId, RecordId = q.RecordId, Operation = q.Operation, Model = q.Model, UserId = q.UserId, Feature = q.Feature, Agent = q.Agent,
            Guardrails = q.Guardrails, Findings = FindingsOf(q.FindingTypes, q.FindingCounts), BodyBytes = q.BodyBytes, State = q.State, CreatedAt = q.CreatedAt, Deadline = q.Deadline,
            DecidedAt = q.DecidedAt, DecidedBy = q.DecidedBy, Note = q.Note, ValidUntil = q.ValidUntil, UsedAt = q.UsedAt,
        };
    }

    /// <summary>Findings from the two columns that hold them.</summary>
    internal static IReadOnlyList<QuarantineFinding> FindingsOf(string[] types, int[] counts) => [.. types.Zip(counts, (type, count) => new QuarantineFinding(type, count))];
}

/// <summary>So many findings of one type.</summary>
/// <param name="Type">What was found, such as <c>EMAIL</c>.</param>
/// <param name="Count">How often.</param>
public sealed record QuarantineFinding(string Type, int Count);

/// <summary>A quarantined request in the list.</summary>
public sealed record QuarantineRow : QuarantineDetails
{
    /// <summary>The team's name.</summary>
    public required string TeamName { get; init; }

    /// <summary>The key's name.</summary>
    public required string KeyName { get; init; }

    /// <summary>Whether its text is still kept.</summary>
    public required bool HasText { get; init; }
}
