using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>The values of a budget that may change, checked.</summary>
internal sealed record BudgetSettings(long CapNanoUsd, string OnExceeded, string? DowngradeModel, int[] Thresholds)
{
    /// <summary>What a budget can be set on: a deployment is no one's purse.</summary>
    public static readonly IReadOnlyList<string> Kinds = [.. ScopeKinds.All.Where(k => k != ScopeKinds.Deployment)];

    private const int MaxThresholds = 10;

    // Models are an organisation's: the installation has none to downgrade to.
    private static readonly string[] s_ofInstallation = [BudgetActions.Reject, BudgetActions.Soft];
    private static readonly int[] s_usual = [50, 80, 100];

    public static BudgetSettings Read(
        FieldChecks checks, string? kind, UsdAmount? capUsd, long? capNanoUsd, string? onExceeded, string? downgradeModel, IReadOnlyList<int>? thresholds)
    {
        checks.Must(capUsd is not null || capNanoUsd is not null, "cap_usd", "cap_usd is required: the most that may be spent in a window, in dollars.");
        var cap = checks.Money("cap", capUsd, capNanoUsd, 0, Budget.MaxCapNanoUsd);
        var action = checks.Choice("on_exceeded", onExceeded, kind == ScopeKinds.Global ? s_ofInstallation : BudgetActions.All, BudgetActions.Reject);
        var model = checks.ModelReference("downgrade_model", downgradeModel);
        checks.Must((action == BudgetActions.Downgrade) == (model is not null), "downgrade_model", action == BudgetActions.Downgrade
            ? "downgrade_model is required with on_exceeded downgrade." : "downgrade_model goes with on_exceeded downgrade only.");
        var percent = (thresholds ?? s_usual).ToArray();
        var ascending = percent.Zip(percent.Skip(1)).All(pair => pair.First < pair.Second);
        checks.Must(
            percent.Length <= MaxThresholds && ascending && percent.All(p => p is >= 1 and <= 100), "thresholds",
            $"thresholds are at most {MaxThresholds} whole percentages from 1 to 100, ascending.");
        return new(cap ?? 0, action, model, percent);
    }

    public void Apply(Budget budget) =>
        (budget.CapNanoUsd, budget.OnExceeded, budget.DowngradeModel, budget.Thresholds) = (CapNanoUsd, OnExceeded, DowngradeModel, Thresholds);

    /// <summary>What the row is for a ceiling.</summary>
    public static Bound BoundOf(Budget budget) => new(Bound.Money, budget.Period, budget.CapNanoUsd, budget.OnExceeded == BudgetActions.Reject, FromAbove: false);
}
