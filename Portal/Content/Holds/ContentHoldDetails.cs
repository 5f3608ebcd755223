using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content.Holds;

/// <summary>A legal hold: nothing of its scope is deleted or erased while it stands.</summary>
public sealed record ContentHoldDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is on; of <see cref="ContentScopes.OfHolds"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the id of a team, the name of a user; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Name of the team; null = it is on something else, or the team is gone.</summary>
    public string? ScopeName { get; init; }

    /// <summary>Why, in the words of whoever placed it.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who placed it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was released; null = it stands.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Who released it.</summary>
    public string? ReleasedBy { get; init; }
}

/// <summary>What is to be held, and why.</summary>
public sealed record PlaceHoldRequest
{
    /// <summary>What it is on: <c>organisation</c>, <c>team</c> or <c>user</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a team by id or name, a user as callers name them; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Why, 10 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }
}

/// <summary>Why a hold is released.</summary>
public sealed record ReleaseHoldRequest
{
    /// <summary>Why, 10 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }
}

/// <summary>A release as the audit keeps it.</summary>
/// <param name="ScopeKind">What the hold was on.</param>
/// <param name="ScopeId">Which one.</param>
/// <param name="Reason">Why it was released.</param>
public sealed record HoldRelease(string ScopeKind, string? ScopeId, string Reason);
