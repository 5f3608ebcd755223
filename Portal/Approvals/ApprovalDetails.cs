using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Approvals;

/// <summary>An approval as commands and the audit show it.</summary>
public record ApprovalDetails
{
    /// <summary>UUIDv7; the ticket that the caller sends in <c>x-gateway-approval</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The key's team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The key; only it may use the ticket.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>Usage record of the request that asked.</summary>
    public required Guid RecordId { get; init; }

    /// <summary>The model that it is for.</summary>
    public required string Model { get; init; }

    /// <summary>The end user, as the caller named them.</summary>
    public string? UserId { get; init; }

    /// <summary>The feature.</summary>
    public string? Feature { get; init; }

    /// <summary>What the request would probably cost, in dollars.</summary>
    public required string ExpectedUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long ExpectedNanoUsd { get; init; }

    /// <summary>What it could cost at most, in dollars.</summary>
    public required string WorstCaseUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long WorstCaseNanoUsd { get; init; }

    /// <summary>The threshold that it went beyond, in dollars.</summary>
    public required string ThresholdUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long ThresholdNanoUsd { get; init; }

    /// <summary>Of <see cref="ApprovalStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it was decided; null = it is not.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Who decided.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>For one request (true), or for any number until <see cref="ValidUntil"/>.</summary>
    public required bool Once { get; init; }

    /// <summary>What one request may cost at most under it, in dollars; null = not granted.</summary>
    public string? CeilingUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? CeilingNanoUsd { get; init; }

    /// <summary>Until when it can be used; null = not granted.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Of a row.</summary>
    public static ApprovalDetails Of(Approval a) => new()
    {
        Id = a.Id, TeamId = a.TeamId, KeyId = a.KeyId, RecordId = a.RecordId, Model = a.Model, UserId = a.UserId, Feature = a.Feature,
        ExpectedUsd = UsdAmount.Text(a.ExpectedNanoUsd), ExpectedNanoUsd = a.ExpectedNanoUsd, WorstCaseUsd = UsdAmount.Text(a.WorstCaseNanoUsd),
        WorstCaseNanoUsd = a.WorstCaseNanoUsd, ThresholdUsd = UsdAmount.Text(a.ThresholdNanoUsd), ThresholdNanoUsd = a.ThresholdNanoUsd, Status = a.Status,
        RequestedAt = a.RequestedAt, DecidedAt = a.DecidedAt, DecidedBy = a.DecidedBy, Reason = a.Reason, Once = a.Once,
        CeilingUsd = UsdAmount.Text(a.CeilingNanoUsd), CeilingNanoUsd = a.CeilingNanoUsd, ValidUntil = a.ValidUntil,
    };
}

/// <summary>An approval in the list.</summary>
public sealed record ApprovalRow : ApprovalDetails
{
    /// <summary>The team's name.</summary>
    public required string TeamName { get; init; }

    /// <summary>The key's name.</summary>
    public required string KeyName { get; init; }
}
