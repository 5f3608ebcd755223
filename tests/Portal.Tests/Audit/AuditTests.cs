using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Audit;

/// <summary>The audit as it is searched and taken away.</summary>
public sealed class AuditTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Filters_HoldTogether_AndPagesGoOn()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Search_100%");
        await api.TeamAsync("Searchers");
        await api.PutAsync($"/api/teams/{team}", """{"name":"Found"}""");
        await api.KeyAsync(team, "k");

        Assert.Equal(["team.create"], await ActionsAsync(api, "target=search_"));
        Assert.Equal(["team.create", "team.create"], await ActionsAsync(api, "target=SEARCH"));
        Assert.Equal(["team.update", "team.create"], await ActionsAsync(api, $"target={team}"));
        Assert.Equal(["team.update"], await ActionsAsync(api, $"target={team}&action=team.update"));
        Assert.Equal(["team.update"], await ActionsAsync(api, "action=.update"));
        Assert.Equal(3, (await ActionsAsync(api, "action=team.")).Count);
        Assert.Empty(await ActionsAsync(api, "action=team"));
        Assert.Equal(["virtual_key.issue"], await ActionsAsync(api, "target_kind=virtual_key&actor=ADMIN-"));
        Assert.Empty(await ActionsAsync(api, "actor=nobody"));
        Assert.Empty(await ActionsAsync(api, "to=2020-01-01T00:00:00Z"));
        Assert.Empty(await ActionsAsync(api, "from=2099-01-01T00:00:00Z"));
        Assert.Equal(["from"], (await api.GetAsync("/api/audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")).Body.Faults());

        List<string> walked = [];
        for (string? after = null, path = "/api/audit?limit=2"; path is not null; path = after is null ? null! : $"/api/audit?limit=2&after={after}")
        {
            var (_, page) = await api.GetAsync(path);
            walked.AddRange(page!["items"]!.AsArray().Select(i => i.Text("id")));
            after = page["next"]?.GetValue<string>();
        }
        Assert.Equal((await api.ItemsAsync("/api/audit?limit=200")).Select(i => i.Text("id")), walked);
    }

    [Fact]
    public async Task Export_OfAFilter_HoldsItsRowsAndNoFormula()
    {
        var api = await PortalApi.StartAsync(portal);
        var slug = await portal.ScalarAsync<string>($"select slug from organisations where id = '{api.Organisation}'");
        await api.MadeAsync("/api/teams", """{"name":"=1+1, \"quoted\"","slug":"formula"}""");
        await api.TeamAsync("Plain");

        using var csv = await portal.Api.GetAsync(new Uri($"/api/audit/export?target_kind=team&organization={slug}", UriKind.Relative));
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("at_utc,actor,action,", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"'=1+1, \"\"quoted\"\"\"", lines[2], StringComparison.Ordinal);

        using var json = await portal.Api.GetAsync(new Uri($"/api/audit/export?format=jsonl&target_kind=team&organization={slug}", UriKind.Relative));
        var rows = (await json.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)).ToList();
        var listed = await api.ItemsAsync("/api/audit?target_kind=team");
        Assert.Equal(listed.Select(r => r.ToJsonString()), rows.Select(r => r!.ToJsonString()));
        Assert.False(json.Headers.Contains("Link"));

        var (status, problem) = await api.GetAsync("/api/audit/export?format=xml");
        Assert.Equal((HttpStatusCode.BadRequest, "format"), (status, Assert.Single(problem.Faults())));
    }

    private static async Task<List<string>> ActionsAsync(PortalApi api, string filter) =>
        [.. (await api.ItemsAsync($"/api/audit?{filter}")).Select(a => a.Text("action")).Where(a => a != "tier.create" && a != "organisation.create")];
}
