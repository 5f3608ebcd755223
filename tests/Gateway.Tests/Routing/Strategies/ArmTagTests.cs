using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Strategies;

namespace AspireGateway.Gateway.Tests.Routing.Strategies;

public sealed class ArmTagTests
{
    [Theory]
    [InlineData(null, "ab:d-one", """{"gateway.arm":"ab:d-one"}""")]
    [InlineData("""{"team":"x"}""", "canary", """{"gateway.arm":"canary","team":"x"}""")]
    [InlineData("""{"gateway.arm":"canary","team":"x"}""", "ab:d", """{"gateway.arm":"ab:d","team":"x"}""")]
    [InlineData("""{"gateway.arm":"canary"}""", "baseline", """{"gateway.arm":"baseline"}""")]
    // Planned anew where there is no test.
    [InlineData("""{"gateway.arm":"canary","team":"x"}""", null, """{"team":"x"}""")]
    [InlineData("""{"gateway.arm":"canary"}""", null, null)]
    [InlineData("""{"team":"x"}""", null, """{"team":"x"}""")]
    [InlineData(null, null, null)]
    public void Note_OfAnArm_KeepsTheCallersTags(string? before, string? arm, string? after)
    {
        using var facts = new RequestFacts(ArrayPool<byte>.Shared.Rent(16), 0) { Tags = before };
        ArmTag.Note(facts, arm);
        Assert.Equal(after, facts.Tags);
        if (facts.Tags is not null) JsonDocument.Parse(facts.Tags).Dispose();
    }
}
