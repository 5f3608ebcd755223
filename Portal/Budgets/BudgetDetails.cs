using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>A budget as commands and the audit show it.</summary>
public record BudgetDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="ScopeKinds"/> without deployment.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: an id or a name; null = the default of every one without its own, or the one there is.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Its window; of <see cref="BudgetPeriods"/>.</summary>
    public required string Period { get; init; }

    /// <summary>Most that may be spent in a window, in dollars, exactly, e.g. <c>500</c> or <c>0.000000001</c>.</summary>
    public required string CapUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long CapNanoUsd { get; init; }

    /// <summary>What happens when it is used up; of <see cref="BudgetActions"/>.</summary>
    public required string OnExceeded { get; init; }

    /// <summary>The cheaper model; for downgrading.</summary>
    public string? DowngradeModel { get; init; }

    /// <summary>Percentages that are announced, ascending.</summary>
    public required IReadOnlyList<int> Thresholds { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static BudgetDetails Of(Budget b) => new()
    {
        Id = b.Id, ScopeKind = b.ScopeKind, ScopeId = b.ScopeId, Period = b.Period, CapUsd = UsdAmount.Text(b.CapNanoUsd), CapNanoUsd = b.CapNanoUsd,
        OnExceeded = b.OnExceeded, DowngradeModel = b.DowngradeModel, Thresholds = b.Thresholds, CreatedAt = b.CreatedAt, CreatedBy = b.CreatedBy,
    };
}

/// <summary>A budget in the list.</summary>
public sealed record BudgetRow : BudgetDetails
{
    /// <summary>The scope's name for people: a team's or key's; else its id; null = a default, or the one there is.</summary>
    public string? ScopeName { get; init; }

    /// <summary>What raises add to the cap now, in dollars; of a default budget those that count for everyone.</summary>
    public required string RaisedUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long RaisedNanoUsd { get; init; }
}
