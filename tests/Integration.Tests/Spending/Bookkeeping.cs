using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What callers saw against what the books say.</summary>
internal static class Bookkeeping
{
    /// <summary>
    /// Every request that got an answer has one record, none has two, and an answer that came whole stands in the books at its cost.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="callers">Who called.</param>
    /// <param name="mayBeOrphaned">Gateways were killed: a record of an answer that came whole may be the estimate for an orphan.</param>
    public static async Task HoldsAsync(SpendingWorld world, SpendingCallers callers, bool mayBeOrphaned)
    {
        IReadOnlyList<RecordRow> records = [];
        var answered = callers.Outcomes.Where(call => call.Status is not null).Select(call => call.Id).ToHashSet();
        await Eventually.HoldsAsync(
            async () => answered.IsSubsetOf((records = await world.World.RecordsAsync()).Select(record => record.RequestId)), TimeSpan.FromSeconds(30), "all answers are recorded");
        Assert.Equal(records.Count, records.Select(record => record.RequestId).Distinct().Count());
        var byId = records.ToDictionary(record => record.RequestId);
        foreach (var call in callers.Outcomes)
        {
            if (call.IsServed)
            {
                var record = byId[call.Id];
                if (mayBeOrphaned && record.Status == "orphaned") continue;
                Assert.Equal(("ok", call.CostNanoUsd, false), (record.Status, (long?)record.CostNanoUsd, record.Estimated));
            }
            else if (call.IsOverBudget)
            {
                Assert.Equal(("refused", 0), (byId[call.Id].Status, byId[call.Id].CostNanoUsd));
            }
        }
    }
}
