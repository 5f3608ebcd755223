using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers;
using Protocol = AspireGateway.Gateway.Tests.Matrix.Protocols;

namespace AspireGateway.Gateway.Tests.Caching.Keys;

public sealed class CacheKeyTests
{
    [Fact]
    public void PassedOn_HoldsEveryHeaderThatAModulePassesOn()
    {
        var passed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var protocol in Shared.Domain.Protocols.All)
            foreach (var operation in (Operation[])[Operation.ChatCompletions, Operation.Responses, Operation.Messages, Operation.Embeddings])
                foreach (var stream in (bool[])[false, true])
                    passed.UnionWith(ProviderModules.Find(protocol)!.TargetOf(operation, Protocol.Deployment(protocol), stream)?.CallerHeaders ?? []);

        Assert.Contains("anthropic-beta", passed);
        Assert.Subset(new HashSet<string>(CacheKey.PassedOn, StringComparer.Ordinal), passed);
    }
}
