using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>A raise of a budget.</summary>
public sealed record BudgetRaiseDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The budget.</summary>
    public required Guid BudgetId { get; init; }

    /// <summary>Of a default budget: whose share is raised; null = everyone's.</summary>
    public string? ScopeId { get; init; }

    /// <summary>How much is added, in dollars.</summary>
    public required string AmountUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long AmountNanoUsd { get; init; }

    /// <summary>Until when it counts.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was granted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who granted it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static BudgetRaiseDetails Of(BudgetRaise r) => new()
    {
        Id = r.Id, BudgetId = r.BudgetId, ScopeId = r.ScopeId, AmountUsd = UsdAmount.Text(r.AmountNanoUsd), AmountNanoUsd = r.AmountNanoUsd, Until = r.Until,
        Reason = r.Reason, CreatedAt = r.CreatedAt, CreatedBy = r.CreatedBy,
    };
}
