using AspireGateway.Gateway.Ingress;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Ingress;

public sealed class TicketsTests
{
    private const string One = "01936f7e-0000-7000-8000-000000000001", Two = "01936f7e-0000-7000-8000-000000000002";

    [Fact]
    public void Read_WithoutTheHeader_IsNone()
    {
        Assert.Null(Tickets.Read(new HeaderDictionary(), out var tickets));
        Assert.Empty(tickets);
    }

    [Theory]
    [InlineData(One, 1)]
    [InlineData(One + "," + Two, 2)]
    [InlineData(One + " , " + Two, 2)]
    public void Read_Tickets_InTheirOrder(string header, int count)
    {
        Assert.Null(Tickets.Read(new HeaderDictionary { [Tickets.Header] = header }, out var tickets));
        Assert.Equal(((string[])[One, Two])[..count].Select(Guid.Parse), tickets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData(One + ",")]
    [InlineData(One + "," + One + "," + One + "," + One + "," + One)]
    public void Read_AnythingElse_IsRefused(string header) =>
        Assert.Equal((400, Tickets.Header), Tickets.Read(new HeaderDictionary { [Tickets.Header] = header }, out _) is { } refusal ? (refusal.Status, refusal.Param) : default);
}
