using AspireGateway.Gateway.Ingress;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Gateway.Tests.Caching;

/// <summary>What the portal offers to purge by route.</summary>
public sealed class CachedRoutesTests
{
    [Fact]
    public void Routes_ThatCanBePurged_AreTheOperationsWhoseRepliesAreKept() => Assert.Equal(
        Routes.Journey.Where(o => o.Kind is OperationKind.Chat or OperationKind.Embeddings).Select(o => o.Name).Order(StringComparer.Ordinal), CachedRoutes.All.Order(StringComparer.Ordinal));
}
