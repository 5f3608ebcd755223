using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Reliability;

/// <summary>What a model does when nobody is left, as it is set.</summary>
public sealed class DegradationTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Canned_IsKeptAndAudited_AndErrorIsAsUsual()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var model = (await api.ItemsAsync("/api/models")).Single().Id();
        var (status, set) = await api.PutAsync($"/api/reliability/models/{model}", """{"degradation":{"action":"canned","text":"Later, please."}}""");
        Assert.Equal((HttpStatusCode.OK, "Later, please."), (status, set!["settings"]!["degradation"]!.Text("text")));
        Assert.Equal("canned", (await api.ItemsAsync("/api/reliability/models")).Single()["settings"]!["degradation"]!.Text("action"));
        Assert.Contains("Later, please.", (await api.ItemsAsync($"/api/audit?target_id={model}"))[0]["after"]!.ToJsonString(), StringComparison.Ordinal);

        var (_, error) = await api.PutAsync($"/api/reliability/models/{model}", """{"degradation":{"action":"error"}}""");
        Assert.Null(error!["settings"]!["degradation"]);

        var (_, stale) = await api.PutAsync($"/api/reliability/models/{model}", """{"degradation":{"action":"stale_cache"}}""");
        Assert.Equal("stale_cache", stale!["settings"]!["degradation"]!.Text("action"));
    }

    [Theory]
    [InlineData("""{"action":"canned"}""", "degradation.text")]
    [InlineData("""{"action":"canned","text":"  "}""", "degradation.text")]
    [InlineData("""{"action":"error","text":"x"}""", "degradation.text")]
    [InlineData("""{"action":"pray"}""", "degradation.action")]
    [InlineData("""{}""", "degradation.action")]
    [InlineData("""{"action":"stale_cache","text":"x"}""", "degradation.text")]
    public async Task Policy_ThatCannotBe_NamesItsField(string policy, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var model = (await api.ItemsAsync("/api/models")).Single().Id();
        var (status, body) = await api.PutAsync($"/api/reliability/models/{model}", $$"""{"degradation":{{policy}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], body.Faults());
    }
}
