using System.Text.Json.Nodes;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Tests.Webhooks;

/// <summary>From what a gateway wrote down to what a receiver gets: once, signed, and again when it fails.</summary>
public sealed class DeliveryTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private readonly ManualClock clock = new(PortalHost.Now());
    private Receiver receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync() => await receiver.DisposeAsync();

    [Fact]
    public async Task Threshold_Passed_ReachesTheReceiverSigned()
    {
        var (organisation, webhook, secret) = await HookAsync();
        var passed = await PassAsync(organisation, 80);
        await Announcer().AnnounceAsync(default);
        await DeliverAllAsync();

        var (path, headers, body) = Assert.Single(receiver.Taken);
        Assert.Equal("/hook", path);
        Assert.True(Receiver.Verify(secret, headers, body));
        Assert.False(Receiver.Verify(secret, headers, body + " "));
        Assert.Equal(clock.Now.ToUnixTimeSeconds().ToString(), headers["webhook-timestamp"].ToString());
        Assert.Equal("application/json", headers.ContentType.ToString());
        var message = JsonNode.Parse(body)!;
        Assert.Equal("budget.threshold", message.Text("type"));
        var data = message["data"]!;
        Assert.Equal((passed, 80, "8", "10", "daily"), (data.Id(), data["threshold"]!.GetValue<int>(), data.Text("settled_usd"), data.Text("cap_usd"), data.Text("period")));
        await using var db = portal.Db();
        Assert.NotNull((await db.BudgetEvents.SingleAsync(e => e.Id == passed)).AnnouncedAt);
        var delivery = await db.WebhookDeliveries.SingleAsync(d => d.WebhookId == webhook);
        Assert.Equal((delivery.Id.ToString(), 1, 200, null), (headers["webhook-id"].ToString(), delivery.Attempts, delivery.LastStatus, delivery.NextAttemptAt));
        Assert.NotNull(delivery.DeliveredAt);
    }

    [Fact]
    public async Task Receiver_ThatFails_IsTriedAgainWithTheSameIdUntilGivenUp()
    {
        var (organisation, webhook, secret) = await HookAsync();
        await PassAsync(organisation, 50);
        await Announcer().AnnounceAsync(default);
        receiver.Status = 503;
        await DeliverAllAsync();
        TimeSpan[] pauses = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6)];
        foreach (var (pause, tries) in pauses.Select((p, i) => (p, i + 1)))
        {
            clock.Now += pause - TimeSpan.FromMilliseconds(1);
            // Neighbours may have deliveries due; ours is not.
            await Dispatcher().DeliverDueAsync(default);
            Assert.Equal(tries, receiver.Taken.Count);
            clock.Now += TimeSpan.FromMilliseconds(1);
            await DeliverAllAsync();
        }
        Assert.Equal(7, receiver.Taken.Count);
        clock.Now += TimeSpan.FromDays(2);
        await DeliverAllAsync();
        Assert.Equal(7, receiver.Taken.Count);
        Assert.Single(receiver.Taken.Select(t => t.Headers["webhook-id"].ToString()).Distinct());
        Assert.Equal(7, receiver.Taken.Select(t => t.Headers["webhook-timestamp"].ToString()).Distinct().Count());
        Assert.All(receiver.Taken, t => Assert.True(Receiver.Verify(secret, t.Headers, t.Body)));
        await using var db = portal.Db();
        var delivery = await db.WebhookDeliveries.AsNoTracking().SingleAsync(d => d.WebhookId == webhook);
        Assert.Equal((7, 503, "It answered 503.", null, null), (delivery.Attempts, delivery.LastStatus, delivery.LastError, delivery.NextAttemptAt, delivery.DeliveredAt));

        // What ended is forgotten after a month.
        clock.Now += TimeSpan.FromDays(29);
        await Dispatcher().ForgetAsync(default);
        Assert.False(await db.WebhookDeliveries.AnyAsync(d => d.WebhookId == webhook));
    }

    [Fact]
    public async Task Receiver_BackAfterAFailure_GetsItOnceMore()
    {
        var (organisation, webhook, _) = await HookAsync();
        await PassAsync(organisation, 50);
        await Announcer().AnnounceAsync(default);
        receiver.Status = 500;
        await DeliverAllAsync();
        receiver.Status = 204;
        clock.Now += TimeSpan.FromSeconds(5);
        await DeliverAllAsync();
        clock.Now += TimeSpan.FromDays(1);
        await DeliverAllAsync();
        Assert.Equal(2, receiver.Taken.Count);
        await using var db = portal.Db();
        Assert.Equal((204, null), await db.WebhookDeliveries.Where(d => d.WebhookId == webhook).Select(d => new ValueTuple<int?, string?>(d.LastStatus, d.LastError)).SingleAsync());
    }

    [Fact]
    public async Task Redirect_FromAReceiver_IsNotFollowed()
    {
        var (organisation, webhook, _) = await HookAsync();
        await PassAsync(organisation, 50);
        await Announcer().AnnounceAsync(default);
        receiver.Status = 307;
        await DeliverAllAsync();
        Assert.Equal("/hook", Assert.Single(receiver.Taken).Path);
        await using var db = portal.Db();
        Assert.Contains("redirects", (await db.WebhookDeliveries.SingleAsync(d => d.WebhookId == webhook)).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "http://127.0.0.1:9/hook", "an address that webhooks may not have")]
    [InlineData(false, "http://localhost:9/hook", "an address that webhooks may not have")]
    [InlineData(true, "http://169.254.169.254/latest/meta-data", "an address that webhooks may not have")]
    [InlineData(true, "http://127.0.0.1:1/hook", "could not be reached")]
    public async Task Address_ThatIsForbidden_IsNotConnectedTo(bool allowPrivate, string url, string error)
    {
        using var client = Client(allowPrivate);
        var webhook = Guid.CreateVersion7();
        var box = portal.Get<SecretBox>();
        var answer = await new WebhookSender(client, box, clock).PostAsync(url, webhook, box.Seal(WebhookSecret.Create(), webhook), Guid.CreateVersion7(), "{}", default);
        Assert.Null(answer.Status);
        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_OfAnotherMasterKey_SendsNothing()
    {
        using var client = Client(allowPrivate: true);
        var other = new SecretBox(Convert.ToBase64String(new byte[32]));
        var webhook = Guid.CreateVersion7();
        var answer = await new WebhookSender(client, portal.Get<SecretBox>(), clock).PostAsync(
            $"{receiver.Address}/hook", webhook, other.Seal(WebhookSecret.Create(), webhook), Guid.CreateVersion7(), "{}", default);
        Assert.False(answer.IsTaken);
        Assert.Empty(receiver.Taken);
    }

    [Fact]
    public async Task Replicas_AnnouncingAndDeliveringAtTheSameTime_DoEachOnce()
    {
        var (organisation, webhook, _) = await HookAsync();
        for (var i = 1; i <= 40; i++) await PassAsync(organisation, i);
        var key = await KeyAsync(organisation);
        for (var i = 0; i < 20; i++) await AskAsync(organisation, key);

        var replicas = Enumerable.Range(0, 4).Select(_ => (Announcer: Announcer(), Dispatcher: Dispatcher())).ToList();
        await Task.WhenAll(replicas.Select(r => Task.Run(async () =>
        {
            for (var round = 0; round < 5; round++) await r.Announcer.AnnounceAsync(default);
        })));
        await Task.WhenAll(replicas.Select(r => Task.Run(async () =>
        {
            while (await r.Dispatcher.DeliverDueAsync(default) > 0) continue;
        })));
        await DeliverAllAsync();
        await using var db = portal.Db();
        Assert.Equal(60, await db.WebhookDeliveries.CountAsync(d => d.WebhookId == webhook));
        Assert.Equal(60, receiver.Taken.Count);
        Assert.Equal(60, receiver.Taken.Select(t => t.Headers["webhook-id"].ToString()).Distinct().Count());
        Assert.Equal(60, receiver.Taken.Select(t => JsonNode.Parse(t.Body)!["data"].Id()).Distinct().Count());
    }

    [Fact]
    public async Task Approval_Requested_IsAnnouncedWhilePendingAndToSubscribersOnly()
    {
        var (organisation, webhook, _) = await HookAsync(WebhookEvents.ApprovalRequested);
        var key = await KeyAsync(organisation);
        var decided = await AskAsync(organisation, key);
        await portal.ExecuteAsync($"update approvals set status = 'denied' where id = '{decided}'");
        var early = await AskAsync(organisation, key);
        await portal.ExecuteAsync($"update approvals set requested_at = requested_at - interval '1 hour' where id = '{early}'");
        var ticket = await AskAsync(organisation, key);
        await PassAsync(organisation, 50);
        await Announcer().AnnounceAsync(default);
        await Announcer().AnnounceAsync(default);
        await DeliverAllAsync();
        var message = JsonNode.Parse(Assert.Single(receiver.Taken).Body)!;
        Assert.Equal(("approval.requested", ticket, "2.5", "k"), (message.Text("type"), message["data"].Id(), message["data"].Text("worst_case_usd"), message["data"].Text("key_name")));
        await using var db = portal.Db();
        // As ids by time go, it stands where it was asked for.
        Assert.Equal(ticket.ToString()[..13], (await db.WebhookDeliveries.SingleAsync(d => d.WebhookId == webhook)).Id.ToString()[..13]);
    }

    [Fact]
    public async Task Webhook_ThatIsDisabled_IsToldNothing()
    {
        var (organisation, webhook, _) = await HookAsync();
        await PassAsync(organisation, 50);
        await Announcer().AnnounceAsync(default);
        await portal.ExecuteAsync($"update webhooks set is_enabled = false where id = '{webhook}'");
        await PassAsync(organisation, 80);
        await Announcer().AnnounceAsync(default);
        await DeliverAllAsync();
        Assert.Empty(receiver.Taken);
        await portal.ExecuteAsync($"update webhooks set is_enabled = true where id = '{webhook}'");
        await DeliverAllAsync();
        Assert.Single(receiver.Taken);
    }

    [Fact]
    public async Task Worker_Started_AnnouncesAndDelivers()
    {
        var (organisation, _, secret) = await HookAsync();
        await PassAsync(organisation, 100);
        using var worker = new WebhookWorker(Announcer(), Dispatcher(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<WebhookWorker>.Instance);
        await worker.StartAsync(default);
        await AspireGateway.Integration.Tests.Stores.Eventually.HoldsAsync(() => !receiver.Taken.IsEmpty, TimeSpan.FromSeconds(30), "the event is delivered");
        await worker.StopAsync(default);
        var (_, headers, body) = Assert.Single(receiver.Taken);
        Assert.True(Receiver.Verify(secret, headers, body));
    }

    private WebhookAnnouncer Announcer() => new(portal.Get<NpgsqlDataSource>(), clock);

    private WebhookDispatcher Dispatcher() => new(portal.Get<NpgsqlDataSource>(), new WebhookSender(Client(allowPrivate: true), portal.Get<SecretBox>(), clock), clock);

    private static WebhookClient Client(bool allowPrivate) => new(Options.Create(new WebhookOptions { AllowPrivate = allowPrivate }));

    private async Task DeliverAllAsync()
    {
        var dispatcher = Dispatcher();
        while (await dispatcher.DeliverDueAsync(default) > 0) continue;
    }

    private async Task<(Guid Organisation, Guid Webhook, string Secret)> HookAsync(params string[] events)
    {
        var organisation = await portal.AddOrganisationAsync();
        await using var db = portal.Db();
        var (id, secret) = (PortalHost.NewId(), WebhookSecret.Create());
        db.Webhooks.Add(new()
        {
            Id = id, OrganisationId = organisation, Name = "w", Url = $"{receiver.Address}/hook", SecretEnvelope = portal.Get<SecretBox>().Seal(secret, id), Events = events,
            CreatedAt = clock.Now.AddMinutes(-1),
        });
        await db.SaveChangesAsync();
        return (organisation, id, secret);
    }

    private async Task<Guid> PassAsync(Guid organisation, int threshold)
    {
        await using var db = portal.Db();
        var budget = await db.Budgets.Where(b => b.OrganisationId == organisation).Select(b => (Guid?)b.Id).FirstOrDefaultAsync();
        if (budget is null)
        {
            budget = PortalHost.NewId();
            db.Budgets.Add(new()
            {
                Id = budget.Value, OrganisationId = organisation, ScopeKind = ScopeKinds.Organisation, Period = BudgetPeriods.Daily, CapNanoUsd = 10_000_000_000, CreatedAt = clock.Now, CreatedBy = "c",
            });
        }
        var passed = new BudgetEvent
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, BudgetId = budget.Value, ScopeKind = ScopeKinds.Organisation, WindowStart = clock.Now, Threshold = threshold,
            SettledNanoUsd = threshold * 100_000_000L, CapNanoUsd = 10_000_000_000, At = clock.Now,
        };
        db.BudgetEvents.Add(passed);
        await db.SaveChangesAsync();
        return passed.Id;
    }

    private async Task<Guid> KeyAsync(Guid organisation)
    {
        var team = await portal.AddTeamAsync(organisation);
        await using var db = portal.Db();
        var key = new VirtualKey
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, TeamId = team, Name = "k", Prefix = "agw-x", SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()),
            CreatedAt = clock.Now, CreatedBy = "c",
        };
        db.VirtualKeys.Add(key);
        await db.SaveChangesAsync();
        return key.Id;
    }

    private async Task<Guid> AskAsync(Guid organisation, Guid key)
    {
        await using var db = portal.Db();
        var approval = new Approval
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, TeamId = (await db.VirtualKeys.FindAsync(key))!.TeamId, KeyId = key, RecordId = PortalHost.NewId(), Model = "m",
            ExpectedNanoUsd = 1, WorstCaseNanoUsd = 2_500_000_000, RequestedAt = clock.Now,
        };
        db.Approvals.Add(approval);
        await db.SaveChangesAsync();
        return approval.Id;
    }
}
