using AspireGateway.Gateway.Accounting.Estimating;

namespace AspireGateway.Gateway.Tests.Accounting.Estimating;

/// <summary>What a key's answers usually stay below.</summary>
public sealed class LearnedOutputTests
{
    private static readonly Guid Key = new("01936d3e-0000-7000-8000-000000000001");

    [Fact]
    public void FewAnswers_SayNothing()
    {
        var learned = new LearnedOutput();
        for (var i = 1; i < LearnedOutput.Enough; i++) learned.Learn(Key, "m", i);
        Assert.Null(learned.P95(Key, "m"));

        learned.Learn(Key, "m", LearnedOutput.Enough);
        Assert.Equal(19, learned.P95(Key, "m"));
        Assert.Null(learned.P95(Key, "other"));
        Assert.Null(learned.P95(Guid.Empty, "m"));
    }

    [Fact]
    public void P95_IsThatOfTheLastAnswers()
    {
        var learned = new LearnedOutput();
        for (var i = 0; i < 1000; i++) learned.Learn(Key, "m", 1_000_000);
        Assert.Equal(1_000_000, learned.P95(Key, "m"));
        for (var i = LearnedOutput.Window; i > 0; i--) learned.Learn(Key, "m", i);

        // 122 of 128 are 95.3 of 100.
        Assert.Equal(122, learned.P95(Key, "m"));
    }

    [Fact]
    public void Answers_OfAnyLength_AreTaken()
    {
        var learned = new LearnedOutput();
        for (var i = 0; i < 100; i++) learned.Learn(Key, "m", i % 2 == 0 ? long.MaxValue : -1);

        Assert.Equal(int.MaxValue, learned.P95(Key, "m"));
    }

    [Fact]
    public void Pairs_AreBounded_AndTheBusyStay()
    {
        var learned = new LearnedOutput(maxPairs: 50);
        for (var i = 0; i < LearnedOutput.Enough; i++) learned.Learn(Key, "busy", 7);
        for (var i = 0; i < 500; i++)
        {
            learned.Learn(Key, "once" + i, 1);
            learned.Learn(Key, "busy", 7);
        }

        Assert.Equal(50, learned.Count);
        Assert.Equal(7, learned.P95(Key, "busy"));
    }

    [Fact]
    public void Pairs_StayBounded_WhenAllAreBusyAndManyLearnAtOnce()
    {
        var learned = new LearnedOutput(maxPairs: 50);
        Parallel.For(0, 20_000, i =>
        {
            learned.Learn(Key, "m" + i % 200, i);
            learned.P95(Key, "m" + i % 200);
        });

        Assert.InRange(learned.Count, 1, 50);
    }

    [Fact]
    public void KnownPairs_TakeNoMemory()
    {
        var learned = new LearnedOutput();
        for (var i = 0; i < 200; i++) learned.Learn(Key, "m", i);
        learned.P95(Key, "m");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            learned.Learn(Key, "m", i);
            learned.P95(Key, "m");
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
