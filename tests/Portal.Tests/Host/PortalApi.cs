using System.Net;
using System.Text.Json.Nodes;

namespace AspireGateway.Portal.Tests.Host;

/// <summary>The API as one organisation's caller uses it.</summary>
internal sealed class PortalApi(HttpClient http, string slug)
{
    /// <summary>A fresh organisation and the API in it.</summary>
    public static async Task<PortalApi> StartAsync(PortalHost portal)
    {
        var slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";
        var (status, organisation) = await portal.Api.PostAsync("/api/organizations", $$"""{"name":"{{slug}}","slug":"{{slug}}"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        return new(portal.Api, slug) { Organisation = organisation.Id() };
    }

    public Guid Organisation { get; private init; }

    public Task<(HttpStatusCode Status, JsonNode? Body)> GetAsync(string path) => http.ReadAsync(At(path));

    public Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string path, string? json = null) => http.PostAsync(At(path), json);

    public Task<(HttpStatusCode Status, JsonNode? Body)> PutAsync(string path, string json) => http.PutAsync(At(path), json);

    public Task<(HttpStatusCode Status, JsonNode? Body)> DeleteAsync(string path) => http.RemoveAsync(At(path));

    /// <summary>What was made; fails when it was not.</summary>
    public async Task<JsonNode> MadeAsync(string path, string json)
    {
        var (status, body) = await PostAsync(path, json);
        Assert.True(status == HttpStatusCode.Created, $"{status}: {body}");
        return body!;
    }

    public async Task<IReadOnlyList<string>> FaultsAsync(string path, string json)
    {
        var (status, body) = await PostAsync(path, json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        return body.Faults();
    }

    /// <summary>What it is refused for, in the words of the answer.</summary>
    public async Task<IReadOnlyList<string>> FaultTextsAsync(string path, string json)
    {
        var (status, body) = await PostAsync(path, json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        return body.FaultTexts();
    }

    public async Task<List<JsonNode>> ItemsAsync(string path) => [.. (await GetAsync(path)).Body!["items"]!.AsArray().Select(i => i!)];

    public async Task<Guid> TeamAsync(string name) => (await MadeAsync("/api/teams", $$"""{"name":"{{name}}"}""")).Id();

    public async Task<Guid> KeyAsync(Guid team, string name, string more = "") =>
        (await MadeAsync("/api/keys", $$"""{"team_id":"{{team}}","name":"{{name}}"{{more}}}"""))["key"].Id();

    /// <summary>A model that requests may name.</summary>
    public async Task<Guid> ModelAsync(string name)
    {
        var provider = (await MadeAsync("/api/providers", $$"""{"name":"P {{name}}","slug":"p-{{name}}","base_url":"https://one.example/v1"}""")).Id();
        var deployment = (await MadeAsync("/api/deployments", $$"""{"name":"d-{{name}}","provider_id":"{{provider}}","upstream_model":"m"}""")).Id();
        await MadeAsync("/api/models", $$"""{"name":"{{name}}","aliases":["{{name}}-alias"],"deployments":[{"deployment_id":"{{deployment}}"}]}""");
        return deployment;
    }

    private string At(string path) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}organization={slug}";
}
