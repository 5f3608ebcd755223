using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>A threshold that a budget passed.</summary>
public sealed record BudgetEventDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The budget.</summary>
    public required Guid BudgetId { get; init; }

    /// <summary>Kind of its scope.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Whose share passed it; null = the one there is.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Start of the window.</summary>
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>Percent of the cap.</summary>
    public required int Threshold { get; init; }

    /// <summary>What was settled then, in dollars.</summary>
    public required string SettledUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long SettledNanoUsd { get; init; }

    /// <summary>The cap then, raises included, in dollars.</summary>
    public required string CapUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long CapNanoUsd { get; init; }

    /// <summary>When it was passed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When webhooks were told; null = not yet.</summary>
    public DateTimeOffset? AnnouncedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static BudgetEventDetails Of(BudgetEvent e) => new()
    {
        Id = e.Id, BudgetId = e.BudgetId, ScopeKind = e.ScopeKind, ScopeId = e.ScopeId.Length == 0 ? null : e.ScopeId, WindowStart = e.WindowStart,
        Threshold = e.Threshold, SettledUsd = UsdAmount.Text(e.SettledNanoUsd), SettledNanoUsd = e.SettledNanoUsd, CapUsd = UsdAmount.Text(e.CapNanoUsd),
        CapNanoUsd = e.CapNanoUsd, At = e.At, AnnouncedAt = e.AnnouncedAt,
    };
}
