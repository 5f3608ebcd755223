using System.Net;
using System.Net.Http.Headers;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Webhooks;

/// <summary>Webhooks through HTTP.</summary>
public sealed class WebhooksTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Webhooks_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var made = await api.MadeAsync("/api/webhooks", """{"name":"Ops","url":"https://hooks.example.org/x?token=1","events":["budget.threshold"]}""");
        var (id, secret) = (made["webhook"].Id(), made.Text("secret"));
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret[6..]).Length);
        Assert.Equal(["created_at", "events", "id", "is_enabled", "kind", "name", "url"], made["webhook"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        await using (var db = portal.Db())
        {
            var row = await db.Webhooks.AsNoTracking().SingleAsync(w => w.Id == id);
            Assert.Equal(secret, portal.Get<SecretBox>().Open(row.SecretEnvelope, id));
        }
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/webhooks", """{"name":"Ops","url":"https://hooks.example.org"}""")).Status);

        var (_, changed) = await api.PutAsync($"/api/webhooks/{id}", """{"name":"Ops 2","url":"https://hooks.example.org","is_enabled":false}""");
        Assert.False(changed!["is_enabled"]!.GetValue<bool>());
        Assert.Empty(changed["events"]!.AsArray());
        Assert.Equal("Ops 2", Assert.Single(await api.ItemsAsync("/api/webhooks")).Text("name"));
        var trail = await api.ItemsAsync($"/api/audit?target_id={id}");
        Assert.Equal(["webhook.update", "webhook.create"], trail.Select(a => a.Text("action")));
        Assert.DoesNotContain(secret, string.Concat(trail), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, portal.Logs.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/webhooks/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/webhooks/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/webhooks/{id}/deliveries")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync($"/api/webhooks/{id}/test")).Status);
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "url")]
    [InlineData("""{"url":"https://hooks.example.org","events":["moon.rise"]}""", "events", "name")]
    [InlineData("""{"name":"x","url":"hooks.example.org"}""", "url")]
    [InlineData("""{"name":"x","url":"ftp://hooks.example.org"}""", "url")]
    [InlineData("""{"name":"x","url":"http://hooks.example.org"}""", "url")]
    [InlineData("""{"name":"x","url":"https://user:pass@hooks.example.org"}""", "url")]
    [InlineData("""{"name":"x","url":"https://127.0.0.1/hook"}""", "url")]
    [InlineData("""{"name":"x","url":"https://10.0.0.1/hook"}""", "url")]
    [InlineData("""{"name":"x","url":"https://[::ffff:10.0.0.1]/hook"}""", "url")]
    [InlineData("""{"name":"x","url":"https://localhost/hook"}""", "url")]
    [InlineData("""{"name":"x","url":"https://redis.internal/hook"}""", "url")]
    [InlineData("""{"name":"x","url":"https://169.254.169.254/latest"}""", "url")]
    public async Task Webhook_ThatMakesNoSense_IsRefusedByField(string body, params string[] fields)
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(fields, await api.FaultsAsync("/api/webhooks", body));
    }

    [Fact]
    public async Task Test_OfAWebhook_SaysWhatBecameOfIt()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var allowing = portal.With("Development", ("Portal:Webhooks:AllowPrivate", "true"));
        using var http = allowing.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", PortalHost.AdminToken);
        var slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";
        await portal.AddOrganisationAsync(slug);
        // Metadata addresses stay forbidden.
        Assert.Equal(["url"], (await http.PostAsync($"/api/webhooks?organization={slug}", """{"name":"m","url":"http://169.254.169.254/"}""")).Body.Faults());
        var (_, made) = await http.PostAsync($"/api/webhooks?organization={slug}", $$"""{"name":"w","url":"{{receiver.Address}}/t","events":["budget.threshold"],"is_enabled":false}""");
        var id = made!["webhook"].Id();
        var (status, delivery) = await http.PostAsync($"/api/webhooks/{id}/test?organization={slug}");
        Assert.Equal((HttpStatusCode.OK, "delivered", 200), (status, delivery.Text("state"), delivery!["last_status"]!.GetValue<int>()));
        var (path, headers, body) = Assert.Single(receiver.Taken);
        Assert.Equal("/t", path);
        Assert.True(Receiver.Verify(made.Text("secret"), headers, body));
        receiver.Status = 401;
        Assert.Equal("given_up", (await http.PostAsync($"/api/webhooks/{id}/test?organization={slug}")).Body.Text("state"));
        var (_, log) = await http.ReadAsync($"/api/webhooks/{id}/deliveries?organization={slug}");
        Assert.Equal(["It answered 401.", null], log!["items"]!.AsArray().Select(d => d!["last_error"]?.GetValue<string>()));
        Assert.Equal("webhook.test", log["items"]![0]!["payload"].Text("type"));
        // The installation's word counts at each connection, not only when the address is written down.
        Assert.Contains("may not have", (await portal.Api.PostAsync($"/api/webhooks/{id}/test?organization={slug}")).Body.Text("last_error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reseal_AfterAChangeOfTheMasterKey_SealsSecretsOfWebhooksToo()
    {
        var api = await PortalApi.StartAsync(portal);
        var made = await api.MadeAsync("/api/webhooks", """{"name":"w","url":"https://hooks.example.org"}""");
        var key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await using var newer = portal.With("Development", ("Gateway:MasterKey", key), ("Gateway:PreviousMasterKeys", PortalHost.MasterKey));
        using var http = newer.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", PortalHost.AdminToken);
        await using var db = portal.Db();
        var slug = await db.Organisations.Where(o => o.Id == api.Organisation).Select(o => o.Slug).SingleAsync();
        Assert.Equal(1, (await http.PostAsync($"/api/credentials/reseal?organization={slug}")).Body!["resealed"]!.GetValue<int>());
        var id = made["webhook"].Id();
        Assert.Equal(made.Text("secret"), new SecretBox(key).Open((await db.Webhooks.SingleAsync(w => w.Id == id)).SecretEnvelope, id));
    }
}
