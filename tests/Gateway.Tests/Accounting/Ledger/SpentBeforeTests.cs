using AspireGateway.Gateway.Accounting.Ledger;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

/// <summary>What was spent before the ledger counted, read from two stores that go on meanwhile.</summary>
public sealed class SpentBeforeTests
{
    private static readonly Guid First = Guid.CreateVersion7(), Second = Guid.CreateVersion7();

    [Fact]
    public async Task Request_ThatEndedBetweenTheTwoReadings_IsNotCountedTwice()
    {
        // The books have the records of both; the ledger counts the first from the beginning, and the second only after the holds were read.
        var holds = new Queue<Guid[]?>([[First], [First, Second], [First, Second]]);
        Assert.Equal("without 2", await SpentBefore.ReadAsync(() => Task.FromResult(holds.Dequeue()), without => Task.FromResult($"without {without.Length}")));
        Assert.Empty(holds);
    }

    [Fact]
    public async Task Request_ThatWasForgottenMeanwhile_StaysOut()
    {
        var holds = new Queue<Guid[]?>([[First], [Second], [Second]]);
        Guid[]? last = null;
        await SpentBefore.ReadAsync(() => Task.FromResult(holds.Dequeue()), without => Task.FromResult(last = without));
        Assert.Equal(new[] { First, Second }.Order(), last!.Order());
    }

    [Fact]
    public async Task Nothing_IsBooked_WhereTheLedgerDoesNotAnswer_OrIsNeverQuiet()
    {
        Assert.Null(await SpentBefore.ReadAsync<string>(() => Task.FromResult<Guid[]?>(null), _ => throw new InvalidOperationException("The books are not asked.")));
        var first = new Queue<Guid[]?>([[], null]);
        Assert.Null(await SpentBefore.ReadAsync(() => Task.FromResult(first.Dequeue()), _ => Task.FromResult("")));
        Assert.Null(await SpentBefore.ReadAsync(() => Task.FromResult<Guid[]?>([Guid.CreateVersion7()]), _ => Task.FromResult("")));
    }
}
