using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Models;

/// <summary>A model that others name neither loses its name nor goes, and all who name it are listed.</summary>
public sealed class ModelNamersTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task DeleteAndRename_OfAModelThatIsNamed_ListWhoNamesIt()
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("fast");
        await api.ModelAsync("other");
        var models = await api.ItemsAsync("/api/models");
        var (fast, other) = (models.Single(m => m.Text("name") == "fast").Id(), models.Single(m => m.Text("name") == "other").Id());
        await api.MadeAsync("/api/pins", """{"scope_kind":"feature","scope_id":"invoices","model":"fast","deployment":"d-fast","version":"v"}""");
        await api.MadeAsync("/api/rules", """{"name":"coding","then":{"model":"fast"}}""");
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/reliability/models/{other}", """{"fallbacks":[{"to":"fast-alias"}]}""")).Status);

        var (status, why) = await api.DeleteAsync($"/api/models/{fast}");
        Assert.Equal(
            (HttpStatusCode.Conflict, "It is named by the pin of feature invoices, rule coding, the fallback of model other. Choose another model there first, or end what names it."),
            (status, why.Text("detail")));
        // The name alone is not what the fallback goes by, and the alias alone not what the pin does.
        Assert.Equal("It is named by the pin of feature invoices, rule coding. Choose another model there first, or end what names it.", await RenamedAsync("faster", "fast-alias"));
        Assert.Equal("It is named by the fallback of model other. Choose another model there first, or end what names it.", await RenamedAsync("fast", "another"));

        // Its own fallbacks do not hold it, and what is ended names nothing any more.
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/reliability/models/{other}", "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/models/{fast}", Body("fast", "another"))).Status);

        async Task<string?> RenamedAsync(string name, string alias)
        {
            var (refused, body) = await api.PutAsync($"/api/models/{fast}", Body(name, alias));
            Assert.Equal(HttpStatusCode.Conflict, refused);
            return body.Text("detail");
        }

        string Body(string name, string alias) => $$"""{"name":"{{name}}","aliases":["{{alias}}"],"deployments":[{"deployment_id":"{{deployment}}"}]}""";
    }
}
