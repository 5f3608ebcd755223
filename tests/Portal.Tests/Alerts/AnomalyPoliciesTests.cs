using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>Anomaly policies through the API: set, replaced, refused, deleted, put back, taken along by a rotation.</summary>
public sealed class AnomalyPoliciesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Path = "/api/alerts/policies";

    [Fact]
    public async Task Policy_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Empty(await api.ItemsAsync(Path));
        var team = await api.TeamAsync("Shop");
        var key = await api.KeyAsync(team, "ci");
        var (status, policy) = await api.PutAsync(Path, """{"scope_kind":"key","scope_id":"ci","settings":{"on_anomaly":"throttle","requests_per_minute":60,"of_usual":0.5,"minutes":60} }""");
        Assert.Equal((HttpStatusCode.OK, key.ToString()), (status, policy.Text("scope_id")));
        // An hour is as usual.
        Assert.Equal("""{"on_anomaly":"throttle","requests_per_minute":60,"of_usual":0.5,"minutes":null}""", policy!["settings"]!.ToJsonString());
        await api.PutAsync(Path, """{"scope_kind":"team","scope_id":"Shop","settings":{"on_anomaly":"none"} }""");
        await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"on_anomaly":"stop","minutes":0} }""");
        Assert.Equal(["organisation ", "key ci", "team Shop"], (await api.ItemsAsync(Path)).Select(p => $"{p.Text("scope_kind")} {p["scope_name"]}").OrderByDescending(p => p.StartsWith('o')).ThenBy(p => p, StringComparer.Ordinal));
        var (_, replaced) = await api.PutAsync(Path, $$"""{"scope_kind":"key","scope_id":"{{key}}","settings":{"on_anomaly":"stop"} }""");
        Assert.Equal(policy.Id(), replaced.Id());

        var rotated = (await api.PostAsync($"/api/keys/{key}/rotate")).Body!["key"].Id();
        Assert.Equal("stop", (await api.ItemsAsync(Path)).Single(p => p["scope_id"]?.GetValue<string>() == rotated.ToString())["settings"]!.Text("on_anomaly"));

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        var changes = await api.ItemsAsync($"/api/audit?target_id={policy.Id()}");
        Assert.Equal(["anomaly_policy.delete", "anomaly_policy.update", "anomaly_policy.create"], changes.Select(a => a.Text("action")));
        await api.PostAsync($"/api/audit/{changes[0].Id()}/undo", "{}");
        Assert.Equal("stop", (await api.ItemsAsync(Path)).Single(p => p["scope_id"]?.GetValue<string>() == key.ToString())["settings"]!.Text("on_anomaly"));
    }

    [Theory]
    [InlineData("""{"scope_kind":"user","scope_id":"x","settings":{"on_anomaly":"stop"}}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"x","settings":{"on_anomaly":"stop"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","settings":{"on_anomaly":"stop"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","scope_id":"no-such","settings":{"on_anomaly":"stop"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"organisation"}""", "settings")]
    [InlineData("""{"scope_kind":"organisation","settings":{}}""", "settings.on_anomaly")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"kill"}}""", "settings.on_anomaly")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"stop","requests_per_minute":6}}""", "settings.requests_per_minute")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"throttle","requests_per_minute":0}}""", "settings.requests_per_minute")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"throttle","of_usual":0.01}}""", "settings.of_usual")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"throttle","of_usual":7}}""", "settings.of_usual")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"stop","of_usual":1}}""", "settings.of_usual")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"stop","minutes":-1}}""", "settings.minutes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"stop","minutes":43201}}""", "settings.minutes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"none","minutes":60}}""", "settings.minutes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"on_anomaly":"stop","hours":1}}""", "settings.hours")]
    public async Task Policy_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PutAsync(Path, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.Faults());
    }
}
