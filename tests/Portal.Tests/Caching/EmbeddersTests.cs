using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Caching;

/// <summary>Which models the dialog offers to compare questions.</summary>
public sealed class EmbeddersTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Embedders_AreModelsThatLookLikeThem_AndAllWhereNoneDoes()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        Assert.Equal(["fast"], await portal.Get<EmbeddersQuery>().RunAsync(api.Organisation, default));
        await api.ModelAsync("text-embedding");
        Assert.Equal(["text-embedding"], await portal.Get<EmbeddersQuery>().RunAsync(api.Organisation, default));
        Assert.Empty(await portal.Get<EmbeddersQuery>().RunAsync(Guid.NewGuid(), default));
    }
}
