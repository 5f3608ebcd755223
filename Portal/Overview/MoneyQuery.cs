using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Costs;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Overview;

/// <summary>Spend of today and of the running month with what it will come to, each beside the time before.</summary>
internal sealed class MoneyQuery(CostsQuery costs, UsageReader usage, TimeProvider clock)
{
    /// <summary>What the actor may see of it.</summary>
    public async Task<Result<MoneyData>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        var month = await costs.RunAsync(actor, new() { Period = CostPeriod.All[0].Key, By = "day" }, cancellationToken);
        if (month.Failure is { } noMonth) return noMonth;

        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        var now = clock.GetUtcNow();
        var today = look.Day(now);
        var question = new UsageQuestion { Scope = scope.Value, From = BudgetWindow.StartOf(today, look.Zone), To = now };
        // Up to the same time of the day, so that a morning is not compared with a whole day. Both begin with an hour: sums of hours serve.
        var yesterday = question with { From = BudgetWindow.StartOf(today.AddDays(-1), look.Zone), To = BudgetWindow.StartOf(today.AddDays(-1), look.Zone) + (now - question.From) };
        var first = new DateOnly(today.Year, today.Month, 1);
        var lastMonth = question with { From = BudgetWindow.StartOf(first.AddMonths(-1), look.Zone), To = BudgetWindow.StartOf(first, look.Zone) };
        return new MoneyData(
            await SumAsync(question), await SumAsync(yesterday), month.Value.Total.CostNanoUsd, month.Value.Before.CostNanoUsd, month.Value.Forecast,
            (await look.TotalAsync(lastMonth, cancellationToken)).CostNanoUsd);

        async Task<long> SumAsync(UsageQuestion asked) => asked.To <= asked.From ? 0
            : (await look.HoursAsync(asked, cancellationToken)).Aggregate(UsageSums.None, (sum, hour) => sum + hour.Sums).CostNanoUsd;
    }
}
