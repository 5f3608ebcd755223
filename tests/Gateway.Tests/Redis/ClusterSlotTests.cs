using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Tests.Redis;

public sealed class ClusterSlotTests
{
    [Theory]
    [InlineData("123456789", 0x31C3)] // the check value of the specification
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("{foo}.bar", 12182)]
    [InlineData("x{foo}{bar}", 12182)]
    [InlineData("", 0)]
    public void Slot_OfAKey_IsTheSpecifications(string key, int slot) => Assert.Equal(slot, ClusterSlot.Of(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData("foo{}{bar}")]
    [InlineData("foo{bar")]
    [InlineData("foo}bar")]
    public void Slot_OfAKeyWithoutATag_IsOfAllOfIt(string key) => Assert.NotEqual(ClusterSlot.Of("bar"u8), ClusterSlot.Of(Encoding.UTF8.GetBytes(key)));
}
