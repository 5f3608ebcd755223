using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Prices;

/// <summary>What held from when to when, and who said so.</summary>
public sealed class PriceHistoryTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task History_OfSeveralVersions_HasTheirBoundsAndWhatWasBefore_PagedByKey()
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("m");
        foreach (var input in (int[])[1, 2]) await api.MadeAsync("/api/prices", $$"""{"deployment_id":"{{deployment}}","components":{"input":{{input}},"output":9} }""");
        var later = PortalHost.Now().AddDays(3);
        await api.MadeAsync("/api/prices", $$"""{"deployment_id":"{{deployment}}","valid_from":"{{later:O}}","components":{"input":3,"output":9} }""");
        // Another deployment's versions are none of its own.
        await api.MadeAsync("/api/prices", $$"""{"deployment_id":"{{await api.ModelAsync("other")}}","components":{"input":7,"output":7} }""");

        var rows = await api.ItemsAsync($"/api/deployments/{deployment}/prices");

        Assert.Equal([3, 2, 1], rows.Select(r => r["price"]!["components"]!["input"]!.GetValue<int>()));
        Assert.Equal([2, 1, null], rows.Select(r => r["before"]?["input"]?.GetValue<int>()));
        Assert.Null(rows[0]["valid_until"]);
        Assert.Equal(rows[0]["price"].Text("valid_from"), rows[1].Text("valid_until"));
        Assert.Equal(rows[1]["price"].Text("valid_from"), rows[2].Text("valid_until"));
        Assert.Equal(("admin-token", "manual"), (rows[2]["price"].Text("created_by"), rows[2]["price"].Text("source")));

        var first = (await api.GetAsync($"/api/deployments/{deployment}/prices?limit=2")).Body!;
        var second = (await api.GetAsync($"/api/deployments/{deployment}/prices?limit=2&after={first.Text("next")}")).Body!;
        Assert.Equal(rows.Select(r => r.ToJsonString()), first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(r => r!.ToJsonString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync($"/api/deployments/{deployment}/prices?after=x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await PortalApi.StartAsync(portal)).GetAsync($"/api/deployments/{deployment}/prices")).Status);
    }
}
