using AspireGateway.Gateway.Accounting.Ledger.Gathering;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

public sealed class PackBufferTests
{
    // The formats of the MessagePack specification, "int format family" and "float format family".
    [Theory]
    [InlineData(0, "00")]
    [InlineData(-0.0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "CD0080")]
    [InlineData(-1, "FF")]
    [InlineData(-32, "E0")]
    [InlineData(-33, "CBC040800000000000")]
    [InlineData(65_535, "CDFFFF")]
    [InlineData(65_536, "CE00010000")]
    [InlineData(4_294_967_295, "CEFFFFFFFF")]
    [InlineData(4_294_967_296, "CB41F0000000000000")]
    [InlineData(0.5, "CB3FE0000000000000")]
    [InlineData(127.5, "CB405FE00000000000")]
    [InlineData(9_007_199_254_740_992, "CB4340000000000000")]
    public void Least_IsTheShortestFormThatHoldsTheNumberExactly(double number, string bytes)
    {
        var buffer = new PackBuffer();

        buffer.Least(number);

        Assert.Equal(bytes, Convert.ToHexString(buffer.Written));
    }
}
