using System.Net;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Tests.Models;

/// <summary>Cascades through HTTP and as the dialog edits them.</summary>
public sealed class CascadeSettingsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly string slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";

    private HttpClient Api => portal.Api;

    [Fact]
    public async Task Settings_AreKept_AndFaultsAreNamed()
    {
        await portal.AddOrganisationAsync(slug);
        var provider = (await Api.PostAsync(At("/api/providers"), """{"name":"P","slug":"p","base_url":"https://example.org/v1"}""")).Body.Id();
        var ids = new List<Guid>();
        foreach (var name in (string[])["a", "b", "c"])
            ids.Add((await Api.PostAsync(At("/api/deployments"), $$"""{"name":"{{name}}","provider_id":"{{provider}}","upstream_model":"{{name}}"}""")).Body.Id());
        var places = string.Join(',', ids.Select(id => $$"""{"deployment_id":"{{id}}"}"""));
        await Api.PostAsync(At("/api/models"), $$"""{"name":"referee","deployments":[{"deployment_id":"{{ids[0]}}"}]}""");
        string Body(string cascade) => $$"""{"name":"clever","strategy":"cascade","deployments":[{{places}}],"cascade":{{cascade}}}""";

        var (status, made) = await Api.PostAsync(At("/api/models"), Body($$"""{"steps":["{{ids[2]}}","{{ids[0]}}"],"threshold":0.7,"checks":["schema","refusal"],"min_characters":5,"judge":{"model":"referee","rubric":" Right. "} }"""));
        Assert.Equal(HttpStatusCode.Created, status);
        var read = (await Api.ReadAsync(At($"/api/models/{made.Id()}"))).Body!["cascade"]!;
        Assert.Equal([ids[2].ToString(), ids[0].ToString()], read["steps"]!.AsArray().Select(s => s!.ToString()));
        Assert.Equal(["refusal", "schema"], read["checks"]!.AsArray().Select(s => s!.ToString()));
        Assert.Equal(("0.7", "5", "referee", "Right."), (read["threshold"]!.ToString(), read["min_characters"]!.ToString(), read["judge"]!["model"]!.ToString(), read["judge"]!["rubric"]!.ToString()));
        Assert.Null((await Api.PutAsync(At($"/api/models/{made.Id()}"), $$"""{"name":"clever","strategy":"cascade","deployments":[{{places}}]}""")).Body!["cascade"]);

        foreach (var wrong in (string[])
        [
            """{"threshold":1.1}""", """{"min_characters":0}""", """{"checks":["luck"]}""", $$"""{"steps":["{{ids[0]}}"]}""", $$"""{"steps":["{{ids[0]}}","{{ids[0]}}"]}""",
            $$"""{"steps":["{{ids[0]}}","{{Guid.NewGuid()}}"]}""", """{"judge":{"model":"referee"}}""", """{"judge":{"rubric":"Right."}}""", """{"judge":{"model":"nobody","rubric":"Right."}}""",
            """{"judge":{"model":"clever","rubric":"Right."}}""",
        ])
            Assert.Equal((wrong, "cascade"), (wrong, string.Join(',', (await Api.PutAsync(At($"/api/models/{made.Id()}"), Body(wrong))).Body.Faults())));
        Assert.Equal(["deployments"], (await Api.PutAsync(At($"/api/models/{made.Id()}"), $$"""{"name":"clever","strategy":"cascade","deployments":[{"deployment_id":"{{ids[0]}}"}]}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.BadRequest, (await Api.PutAsync(At($"/api/models/{made.Id()}"), Body("""{"treshold":0.5}"""))).Status);
    }

    [Fact]
    public void Form_GivesBackWhatItWasMadeOf_StepsFirst()
    {
        var (a, b, c) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var settings = new CascadeSettings { Steps = [c, a], Checks = [CascadeChecks.Schema], Threshold = 0.5, MinCharacters = 3, Judge = new() { Model = "m", Rubric = "r" } };
        List<Guid> places = [a, b, c];
        var sent = CascadeForm.Of(settings, places).ToRequest(places);

        Assert.Equal([c, a, b], places);
        Assert.Equal([c, a], sent.Steps!);
        Assert.Equal([CascadeChecks.Schema], sent.Checks!);
        Assert.Equal((0.5, 3, "m", "r"), (sent.Threshold, sent.MinCharacters, sent.Judge!.Model, sent.Judge.Rubric));
    }

    [Fact]
    public void Form_AsUsual_SendsNothing()
    {
        List<Guid> places = [Guid.NewGuid(), Guid.NewGuid()];
        var sent = CascadeForm.Of(null, places).ToRequest(places);

        Assert.Equal(new CascadeRequest(), sent);
    }

    private string At(string path) => $"{path}?organization={slug}";
}
