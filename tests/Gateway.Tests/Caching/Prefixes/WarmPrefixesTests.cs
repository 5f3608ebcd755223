using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Tests.Matrix;
using AspireGateway.Gateway.Tests.Reliability.Credentials;
using AspireGateway.Gateway.Tests.Routing.Rules;

namespace AspireGateway.Gateway.Tests.Caching.Prefixes;

public sealed class WarmPrefixesTests
{
    private readonly RuleWorld.ManualTime time = new();

    [Fact]
    public void Find_WithinItsTime_SaysWhoHoldsIt()
    {
        var (table, deployment, credential) = (new WarmPrefixes(time), Guid.NewGuid(), Guid.NewGuid());
        table.Note(1, Guid.NewGuid(), Guid.Empty);
        table.Note(1, deployment, credential);
        time.Now = time.Now.AddSeconds(299);

        Assert.True(table.TryFind(1, 300, out var warmth));
        Assert.Equal((deployment, credential), (warmth.DeploymentId, warmth.CredentialId));
        time.Now = time.Now.AddSeconds(1);
        Assert.False(table.TryFind(1, 300, out _));
        Assert.True(table.TryFind(1, 3_600, out _));
        Assert.False(table.TryFind(2, 3_600, out _));
    }

    [Fact]
    public async Task Lookup_OfABeginningThatStood_PrefersItsCredentialThereAndNowhereElse()
    {
        var world = new PrefixWorld();
        var slots = CredentialSpreadTests.Slots(3);
        var (deployment, other) = (Protocols.Deployment("anthropic", credentials: slots), PrefixWorld.Deployment("anthropic"));
        var body = $$"""{"model":"m","max_tokens":5,"system":"{{PrefixWorld.Long(3_000)}}","messages":[{"role":"user","content":"hello"}]}""";
        var first = await world.DecideAsync(deployment, body);
        Assert.Null(first.CredentialAt(deployment));
        first.Stands(deployment.Id, slots[1].Credential.Id);

        var second = await world.DecideAsync(deployment, body);
        Assert.Equal(slots[1].Credential.Id, second.CredentialAt(deployment));
        Assert.Null(second.CredentialAt(other));
        // What was answered without a credential prefers none.
        second.Stands(deployment.Id, Guid.Empty);
        Assert.Null((await world.DecideAsync(deployment, body)).CredentialAt(deployment));
    }

    [Fact]
    public void Note_OfMoreThanItHolds_ForgetsTheOldest()
    {
        var table = new WarmPrefixes(time, capacity: 100);
        for (var i = 0; i < 1_000; i++) table.Note((UInt128)i, Guid.Empty, Guid.Empty);

        Assert.InRange(table.Count, 50, 100);
        Assert.True(table.TryFind(999, 300, out _));
        Assert.False(table.TryFind(0, 300, out _));
    }
}
