namespace AspireGateway.Portal.Content.Reading;

/// <summary>The kept texts of one request.</summary>
public sealed record KeptContent
{
    /// <summary>The request: its usage record.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The virtual key.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>The end user, as long as the usage record is kept.</summary>
    public string? UserId { get; init; }

    /// <summary>The logical model.</summary>
    public string? Model { get; init; }

    /// <summary>The operation, such as <c>chat_completions</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>How it ended: <c>whole</c>, <c>blocked</c>, <c>cancelled</c>, <c>cut</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether the texts are as guardrails left them.</summary>
    public required bool IsMasked { get; init; }

    /// <summary>Whether they were longer than the policy keeps.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>Until when they are kept, unless a legal hold stands.</summary>
    public required DateTimeOffset RetainUntil { get; init; }

    /// <summary>What was asked; null = it is not kept.</summary>
    public string? Prompt { get; init; }

    /// <summary>What was answered; null = it is not kept.</summary>
    public string? Reply { get; init; }

    /// <summary>Whether the row did not open: it is damaged, or belongs to another request. There is no text then.</summary>
    public bool IsUnreadable { get; init; }
}
