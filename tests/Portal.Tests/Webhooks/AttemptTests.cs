using System.Net;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Tests.Webhooks;

/// <summary>Each try stands in the list of tries, and an event is delivered again when somebody asks.</summary>
public sealed class AttemptTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private readonly ManualClock clock = new(PortalHost.Now());
    private Receiver receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync() => await receiver.DisposeAsync();

    [Fact]
    public async Task Tries_OfADelivery_AreListedNewestFirst_AndGoWithIt()
    {
        var api = await PortalApi.StartAsync(portal);
        var (webhook, delivery) = await PendingAsync(api.Organisation);
        receiver.Status = 503;
        await DeliverAsync();
        clock.Now += TimeSpan.FromSeconds(5);
        receiver.Status = 200;
        await DeliverAsync();

        var rows = await api.ItemsAsync($"/api/webhooks/{webhook}/attempts");

        Assert.Equal([(2, 200), (1, 503)], rows.Select(r => (r["number"]!.GetValue<int>(), r["status"]!.GetValue<int>())));
        Assert.Equal([null, "It answered 503."], rows.Select(r => r["error"]?.GetValue<string>()));
        Assert.Null(rows[0]["next_attempt_at"]);
        Assert.Equal(rows[1]["at"]!.GetValue<DateTimeOffset>() + TimeSpan.FromSeconds(5), rows[1]["next_attempt_at"]!.GetValue<DateTimeOffset>());
        Assert.All(rows, r => Assert.Equal((delivery, "budget.threshold", null), (r.Id("delivery_id"), r.Text("event_type"), r["asked_by"])));
        // No body, no secret, no address.
        Assert.Equal(
            ["asked_by", "at", "delivery_id", "duration_ms", "error", "event_type", "id", "next_attempt_at", "number", "status"], rows[0].AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        var first = (await api.GetAsync($"/api/webhooks/{webhook}/attempts?limit=1")).Body!;
        var second = (await api.GetAsync($"/api/webhooks/{webhook}/attempts?limit=1&after={first.Text("next")}")).Body!;
        Assert.Equal(1, Assert.Single(second["items"]!.AsArray())!["number"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.NotFound, (await (await PortalApi.StartAsync(portal)).GetAsync($"/api/webhooks/{webhook}/attempts")).Status);

        clock.Now += WebhookDispatcher.Retention + TimeSpan.FromMinutes(1);
        await Dispatcher().ForgetAsync(default);
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from webhook_attempts where delivery_id = '{delivery}'"));
    }

    [Fact]
    public async Task Delivery_GivenUp_IsDeliveredAgainWithItsId_AndSaysWhoAsked()
    {
        var api = await PortalApi.StartAsync(portal);
        var (webhook, delivery) = await PendingAsync(api.Organisation);
        await portal.ExecuteAsync($"update webhook_deliveries set attempts = 7, next_attempt_at = null, last_error = 'It answered 503.' where id = '{delivery}'");
        using var client = Client();
        var again = new DeliverAgain(portal.Get<NpgsqlDataSource>(), portal.Get<WebhooksQuery>(), new WebhookSender(client, portal.Get<SecretBox>(), clock), clock);

        receiver.Status = 500;
        var failed = await again.RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), webhook, delivery, default);
        receiver.Status = 200;
        var taken = await again.RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), webhook, delivery, default);

        Assert.Equal(("given_up", 8, "It answered 500."), (failed.Value.State, failed.Value.Attempts, failed.Value.LastError));
        Assert.Equal(("delivered", 9, null), (taken.Value.State, taken.Value.Attempts, taken.Value.LastError));
        Assert.Equal([delivery.ToString(), delivery.ToString()], receiver.Taken.Select(t => t.Headers["webhook-id"].ToString()));
        Assert.All(await api.ItemsAsync($"/api/webhooks/{webhook}/attempts"), r => Assert.Equal("org_admin@example.org", r.Text("asked_by")));

        var other = await PortalApi.StartAsync(portal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/api/webhooks/{webhook}/deliveries/{delivery}/again")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync($"/api/webhooks/{webhook}/deliveries/{Guid.NewGuid()}/again")).Status);
        foreach (var role in Roles.All.Except([Roles.Operator, Roles.OrganisationAdmin]))
            Assert.IsType<AspireGateway.Portal.Configuration.Failure.Forbidden>((await again.RunAsync(PortalHost.Actor(role, api.Organisation), webhook, delivery, default)).Failure);
        Assert.Equal(2, receiver.Taken.Count);
    }

    private WebhookDispatcher Dispatcher() => new(portal.Get<NpgsqlDataSource>(), new WebhookSender(Client(), portal.Get<SecretBox>(), clock), clock);

    private static WebhookClient Client() => new(Options.Create(new WebhookOptions { AllowPrivate = true }));

    private async Task DeliverAsync()
    {
        var dispatcher = Dispatcher();
        while (await dispatcher.DeliverDueAsync(default) > 0) continue;
    }

    private async Task<(Guid Webhook, Guid Delivery)> PendingAsync(Guid organisation)
    {
        await using var db = portal.Db();
        var (webhook, delivery) = (PortalHost.NewId(), PortalHost.NewId());
        db.Webhooks.Add(new()
        {
            Id = webhook, OrganisationId = organisation, Name = "w", Url = $"{receiver.Address}/hook", SecretEnvelope = portal.Get<SecretBox>().Seal(WebhookSecret.Create(), webhook), CreatedAt = clock.Now,
        });
        db.WebhookDeliveries.Add(new() { Id = delivery, OrganisationId = organisation, WebhookId = webhook, EventType = WebhookEvents.BudgetThreshold, Payload = "{}", CreatedAt = clock.Now, NextAttemptAt = clock.Now });
        await db.SaveChangesAsync();
        return (webhook, delivery);
    }
}
