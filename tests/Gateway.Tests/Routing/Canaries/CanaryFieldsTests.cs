using System.Globalization;
using AspireGateway.Shared.Canaries;

namespace AspireGateway.Gateway.Tests.Routing.Canaries;

/// <summary>Counts on their way through Redis.</summary>
public sealed class CanaryFieldsTests
{
    [Fact]
    public void Counts_WrittenAndRead_AreTheSame()
    {
        var counts = new ArmCounts();
        for (var i = 1; i < 50; i++) counts.Serve(i * 37_000, i * 1.5);
        counts.Fail();
        counts.Vote(0.25);
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        foreach (var (field, amount) in CanaryFields.Write(CanaryFields.Canary, counts))
            CanaryFields.Read(field, amount.ToString("R", CultureInfo.InvariantCulture), canary, baseline);

        Assert.Equal(
            (counts.Requests, counts.Errors, counts.Costs, counts.CostSum, counts.CostSquares, counts.Votes, counts.VoteSum, counts.VoteSquares),
            (canary.Requests, canary.Errors, canary.Costs, canary.CostSum, canary.CostSquares, canary.Votes, canary.VoteSum, canary.VoteSquares));
        Assert.Equal(counts.Latencies, canary.Latencies);
        Assert.Equal(0, baseline.Requests);
    }

    [Theory]
    [InlineData("c:zz", "1")]
    [InlineData("c:l9999", "1")]
    [InlineData("c:n", "many")]
    [InlineData("later", "1")]
    public void Field_ThatIsNotKnown_IsPassedOver(string field, string value)
    {
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        CanaryFields.Read(field, value, canary, baseline);
        Assert.Equal(0, canary.Requests + canary.Latencies.Sum());
    }
}
