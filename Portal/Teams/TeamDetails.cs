using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Teams;

/// <summary>A team as commands and the audit show it.</summary>
public record TeamDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Short name in addresses and metrics; never changes.</summary>
    public required string Slug { get; init; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; init; }

    /// <summary>Model patterns that its keys may use; empty = every model. The ceiling of its keys.</summary>
    public required IReadOnlyList<string> AllowedModels { get; init; }

    /// <summary>Region patterns in which its requests may be processed; empty = any region.</summary>
    public IReadOnlyList<string> AllowedRegions { get; init; } = [];

    /// <summary>The least that guardrails do for its requests: <c>standard</c> or <c>strict</c>; null = as policies say.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>Model of requests that name none; null = the organisation's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>A request that may cost more needs an approval, in dollars; null = none does.</summary>
    public string? ApprovalThresholdUsd => UsdAmount.Text(ApprovalThresholdNanoUsd);

    /// <summary>The same in nano-USD.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request; null = it waits.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model.</summary>
    public string? ApprovalModel { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was put away, its keys with it; null = active.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static TeamDetails Of(Team t) => new()
    {
        Id = t.Id, Slug = t.Slug, Name = t.Name, AllowedModels = t.AllowedModels, AllowedRegions = t.AllowedRegions, GuardrailLevel = t.GuardrailLevel, DefaultModel = t.DefaultModel,
        ApprovalThresholdNanoUsd = t.ApprovalThresholdNanoUsd, ApprovalAction = t.ApprovalAction, ApprovalModel = t.ApprovalModel,
        CreatedAt = t.CreatedAt, ArchivedAt = t.ArchivedAt,
    };
}

/// <summary>A team in the list.</summary>
public sealed record TeamRow : TeamDetails
{
    /// <summary>Keys that work now; 1,000 stands for 1,000 or more.</summary>
    public required int LiveKeys { get; init; }

    /// <summary>People in it.</summary>
    public required int Members { get; init; }
}
