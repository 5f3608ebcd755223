using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Tests.Guardrails.Detection;

public sealed class FindingListTests
{
    [Fact]
    public void Settle_Overlapping_LeavesTheSurerOne()
    {
        Assert.Equal([new("B", 3, 5, 0.9)], Settled(new("A", 0, 6, 0.5), new("B", 3, 5, 0.9)));
    }

    [Fact]
    public void Settle_EquallySure_LeavesTheLongerOne()
    {
        Assert.Equal([new("LONG", 0, 8, 0.5)], Settled(new("SHORT", 2, 3, 0.5), new("LONG", 0, 8, 0.5)));
    }

    [Fact]
    public void Settle_SurestInTheMiddleOfAChain_KeepsWhatOnlyTheLoserTouched()
    {
        Assert.Equal([new("A", 0, 10, 0.7), new("C", 18, 7, 1)], Settled(new("A", 0, 10, 0.7), new("B", 8, 12, 0.9), new("C", 18, 7, 1)));
    }

    [Fact]
    public void Settle_Neighbours_KeepsBothByPlace()
    {
        Assert.Equal([new("A", 0, 4, 0.5), new("B", 4, 4, 0.9)], Settled(new("B", 4, 4, 0.9), new("A", 0, 4, 0.5)));
    }

    private static Finding[] Settled(params Finding[] found)
    {
        var list = new FindingList();
        foreach (var finding in found) list.Add(finding);
        list.Settle();
        return list.All.ToArray();
    }
}
