using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Credentials;

/// <summary>The credentials of a deployment, and what is shown of one that its provider refuses.</summary>
public sealed class DeploymentCredentialsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Credentials_AddedAndTakenOut_KeepTheirOrder()
    {
        var api = await PortalApi.StartAsync(portal);
        var (provider, one, two) = await ProviderAsync(api);
        var deployment = (await api.MadeAsync("/api/deployments", $$"""{"name":"d","provider_id":"{{provider}}","credential_ids":["{{two}}","{{one}}"],"upstream_model":"m"}""")).Id();
        var row = (await api.GetAsync($"/api/deployments/{deployment}")).Body!;
        Assert.Equal([two, one], row["credential_ids"]!.AsArray().Select(id => Guid.Parse(id!.GetValue<string>())));
        Assert.Equal((two, "two"), (row.Id("credential_id"), row.Text("credential_name")));
        Assert.Equal(["two", "one"], row["credential_names"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal(["d"], (await api.ItemsAsync("/api/credentials")).First()["deployments"]!.AsArray().Select(name => name!.GetValue<string>()));

        // Neither the first nor a further one goes while it is used.
        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/credentials/{one}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/credentials/{two}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/deployments/{deployment}", $$"""{"name":"d","credential_ids":["{{one}}"],"upstream_model":"m"}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/credentials/{two}")).Status);

        // Who knows of one only goes on as before.
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/deployments/{deployment}", $$"""{"name":"d","credential_id":"{{one}}","upstream_model":"m"}""")).Status);
        // That changed nothing and is not in the audit.
        Assert.Equal(["deployment.update", "deployment.create"], (await api.ItemsAsync($"/api/audit?target_id={deployment}")).Select(a => a.Text("action")));
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/deployments/{deployment}", """{"name":"d","upstream_model":"m"}""")).Status);
        Assert.Empty((await api.GetAsync($"/api/deployments/{deployment}")).Body!["credential_ids"]!.AsArray());
    }

    [Fact]
    public async Task Credentials_ThatCannotBe_AreNamed()
    {
        var api = await PortalApi.StartAsync(portal);
        var (provider, one, _) = await ProviderAsync(api);
        var other = (await api.MadeAsync("/api/providers", """{"name":"Other","base_url":"https://other.example/v1"}""")).Id();
        var foreign = (await api.MadeAsync("/api/credentials", $$"""{"provider_id":"{{other}}","name":"c","secret":"s"}""")).Id();
        Assert.Equal(["credential_ids"], await api.FaultsAsync("/api/deployments", Body($"\"credential_ids\":[\"{one}\",\"{foreign}\"]")));
        Assert.Equal(["credential_ids"], await api.FaultsAsync("/api/deployments", Body($"\"credential_ids\":[\"{one}\",\"{one}\"]")));
        Assert.Equal(["credential_ids"], await api.FaultsAsync("/api/deployments", Body($"\"credential_ids\":[\"{one}\"],\"credential_id\":\"{one}\"")));

        string Body(string credentials) => $$"""{"name":"d","provider_id":"{{provider}}","upstream_model":"m",{{credentials}}}""";
    }

    [Fact]
    public async Task Refusal_SeenByAGateway_IsShownUntilTheSecretIsReplaced()
    {
        var api = await PortalApi.StartAsync(portal);
        var (provider, one, two) = await ProviderAsync(api);
        var deployment = (await api.MadeAsync("/api/deployments", $$"""{"name":"d","provider_id":"{{provider}}","credential_ids":["{{one}}","{{two}}"],"upstream_model":"m"}""")).Id();
        await portal.ScalarAsync<Guid>($$"""
            insert into steering_events (id, organisation_id, type, subject_id, occurrence, detail, at)
            values ('{{Guid.CreateVersion7()}}', '{{api.Organisation}}', 'credential.refused', '{{one}}', 'x',
                jsonb_build_object('deployment_id', '{{deployment}}', 'deployment', 'd', 'provider', 'p', 'reason', 'unauthorized', 'until', now() + interval '10 minutes'), now()) returning id
            """);
        var rows = await api.ItemsAsync("/api/credentials");
        Assert.Equal(("unauthorized", "d"), (rows[0]["refused"]!.Text("reason"), rows[0]["refused"]!.Text("deployment")));
        Assert.Null(rows[1]["refused"]);
        var happened = Assert.Single(await api.ItemsAsync($"/api/reliability/events?deployment_id={deployment}"));
        Assert.Equal(("credential_refused", "d", "its provider refuses credential one"), (happened.Text("state"), happened.Text("deployment"), happened.Text("reason")));
        Assert.NotNull(happened.Text("until"));
        Assert.Empty(await api.ItemsAsync($"/api/reliability/events?deployment_id={Guid.NewGuid()}"));
        Assert.Empty(await api.ItemsAsync($"/api/reliability/events?after={happened.Id()}"));
        Assert.Equal(["one"], Assert.Single(await api.ItemsAsync("/api/reliability/deployments"))["refused_credentials"]!.AsArray().Select(name => name!.GetValue<string>()));

        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/credentials/{one}", """{"secret":"another"}""")).Status);
        Assert.Null((await api.ItemsAsync("/api/credentials"))[0]["refused"]);
        Assert.Empty(Assert.Single(await api.ItemsAsync("/api/reliability/deployments"))["refused_credentials"]!.AsArray());
    }

    private static async Task<(Guid Provider, Guid One, Guid Two)> ProviderAsync(PortalApi api)
    {
        var provider = (await api.MadeAsync("/api/providers", """{"name":"One","base_url":"https://one.example/v1"}""")).Id();
        var one = (await api.MadeAsync("/api/credentials", $$"""{"provider_id":"{{provider}}","name":"one","secret":"s1"}""")).Id();
        return (provider, one, (await api.MadeAsync("/api/credentials", $$"""{"provider_id":"{{provider}}","name":"two","secret":"s2"}""")).Id());
    }
}
