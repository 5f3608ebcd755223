using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Tests.Accounting.Ledger;
using AspireGateway.Shared.Domain.Limits;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.Accounting.Limits;

public sealed class ReservationTests
{
    private static readonly LedgerTenant Tenant = new(Organisation, new Clock());

    [Theory]
    [InlineData(HoldPolicies.Exact, BudgetActions.Reject, true)]
    [InlineData(HoldPolicies.Exact, BudgetActions.Downgrade, true)]
    [InlineData(HoldPolicies.Exact, BudgetActions.Soft, false)]
    [InlineData(HoldPolicies.Learned, BudgetActions.Reject, false)]
    [InlineData(HoldPolicies.Soft, BudgetActions.Reject, false)]
    public void Spend_IsBounded_WhereABudgetThatRefusesHoldsExactly(string policy, string action, bool bounds)
    {
        var hold = HoldOf(Tenant, [MeterOf(Limit(LimitUnits.Requests, 7)), MeterOf(Budget(1_000, action: action))], new HoldTerms(1, 1, 1, 1, 1, 1));

        Assert.Equal(bounds, new Reservation { Hold = hold }.BoundsSpend(policy));
        Assert.Equal(bounds, new Reservation { WideHold = hold }.BoundsSpend(policy));
        Assert.False(new Reservation { Hold = HoldOf(Tenant, [MeterOf(Limit(LimitUnits.Requests, 7))], new HoldTerms(1, 1, 1, 1, 1, 1)) }.BoundsSpend(policy));
        Assert.False(new Reservation().BoundsSpend(policy));
    }
}
