using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Tests.Webhooks;

/// <summary>Chats and mail: their shapes at real receivers, retried, and their addresses kept sealed.</summary>
public sealed class ChannelTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private readonly ManualClock clock = new(PortalHost.Now());
    private Receiver receiver = null!;
    private MailReceiver mails = null!;

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.StartAsync();
        mails = MailReceiver.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await mails.DisposeAsync();
    }

    [Fact]
    public async Task Slack_GetsBlocks_AndItsAddressIsSealed()
    {
        var organisation = await portal.AddOrganisationAsync();
        var made = await CreateAsync(organisation, ChannelKinds.Slack, $"{receiver.Address}/services/T0/B0/s3cret");
        Assert.Equal((null, $"{receiver.Address}/…"), (made.Secret, made.Webhook.Url));
        Assert.Equal(0, await portal.ScalarAsync<long>($"select (select count(*) from webhooks w where w::text like '%s3cret%') + (select count(*) from audit_entries a where a::text like '%s3cret%')"));
        await RaiseAsync(organisation, "<!channel> & co");
        await DeliverAsync();

        var (path, headers, body) = Assert.Single(receiver.Taken);
        Assert.Equal(("/services/T0/B0/s3cret", false), (path, headers.ContainsKey("webhook-signature")));
        var message = JsonNode.Parse(body)!;
        Assert.Equal("Provider &lt;!channel&gt; &amp; co fails more requests than usual", message.Text("text"));
        Assert.Equal("Provider <!channel> & co fails more requests than usual", message["blocks"]![0]!["text"]!.Text("text"));
        Assert.Contains("40 % of its requests failed", message["blocks"]![1]!["text"]!.Text("text"), StringComparison.Ordinal);

        // What is shown, given back, changes nothing; another address is another one.
        var renamed = await UpdateAsync(organisation, made.Webhook.Id, new() { Name = "Renamed", Url = made.Webhook.Url });
        Assert.Equal(("slack", made.Webhook.Url), (renamed.Value.Kind, renamed.Value.Url));
        await RaiseAsync(organisation, "second");
        await DeliverAsync();
        Assert.Equal("/services/T0/B0/s3cret", receiver.Taken.Last().Path);
        Assert.True((await UpdateAsync(organisation, made.Webhook.Id, new() { Name = "Renamed", Url = $"{receiver.Address}/other" })).Succeeded);
        await RaiseAsync(organisation, "third");
        await DeliverAsync();
        Assert.Equal("/other", receiver.Taken.Last().Path);
        Assert.IsType<Failure.Invalid>((await UpdateAsync(organisation, made.Webhook.Id, new() { Kind = "generic", Name = "Renamed", Url = $"{receiver.Address}/other" })).Failure);
    }

    [Fact]
    public async Task Teams_GetsACard_AndIsTriedAgain()
    {
        var organisation = await portal.AddOrganisationAsync();
        await CreateAsync(organisation, ChannelKinds.Teams, $"{receiver.Address}/workflow");
        await RaiseAsync(organisation, "[x](https://evil.example)");
        receiver.Status = 503;
        await DeliverAsync();
        receiver.Status = 202;
        clock.Now += WebhookDispatcher.Pauses[0];
        await DeliverAsync();
        Assert.Equal(2, receiver.Taken.Count);
        var card = JsonNode.Parse(receiver.Taken.Last().Body)!["attachments"]![0]!;
        Assert.Equal("application/vnd.microsoft.card.adaptive", card.Text("contentType"));
        Assert.Equal("""Provider \[x\](https://evil.example) fails more requests than usual""", card["content"]!["body"]![0]!.Text("text"));
        Assert.Equal("FactSet", card["content"]!["body"]![2]!.Text("type"));
    }

    [Fact]
    public async Task Mail_ReachesEveryRecipient_EscapedAndWithNothingFromOutside()
    {
        var organisation = await portal.AddOrganisationAsync();
        await CreateAsync(organisation, ChannelKinds.Email, "mailto:oncall@example.org,finops@example.org");
        await RaiseAsync(organisation, "<b>one</b>\r\nBcc: x@example.org");
        mails.Status = 451;
        await DeliverAsync();
        Assert.Empty(mails.Taken);
        await using var db = portal.Db();
        var failed = await db.WebhookDeliveries.AsNoTracking().SingleAsync(d => d.OrganisationId == organisation);
        Assert.Equal(("The mail server answered 451.", 1), (failed.LastError, failed.Attempts));
        mails.Status = 250;
        clock.Now += WebhookDispatcher.Pauses[0];
        await DeliverAsync();

        var (to, text) = Assert.Single(mails.Taken);
        Assert.Equal(["oncall@example.org", "finops@example.org"], to);
        Assert.Contains($"<{failed.Id}@example.net>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nBcc:", text.Split("\n\n", 2)[0], StringComparison.Ordinal);
        var decoded = Decoded(text);
        Assert.Contains("&lt;b&gt;one&lt;/b&gt;", decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>one</b></h1>", decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("http", decoded[decoded.IndexOf("<!doctype", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_IsSentToEachKind()
    {
        var api = await PortalApi.StartAsync(portal);
        var mail = await CreateAsync(api.Organisation, ChannelKinds.Email, "mailto:a@example.org");
        var test = new TestWebhook(portal.Get<IDbContextFactory<GatewayDbContext>>(), Sender(), clock);
        var sent = await test.RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), mail.Webhook.Id, default);
        Assert.Equal("delivered", sent.Value.State);
        Assert.Contains("Test", Assert.Single(mails.Taken).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email", "https://example.org", "url is mailto: and 1 to 20 addresses with commas, e.g. mailto:oncall@example.com,finops@example.com.")]
    [InlineData("email", "mailto:a@example.org, b", "url is mailto: and 1 to 20 addresses with commas, e.g. mailto:oncall@example.com,finops@example.com.")]
    [InlineData("email", "mailto:a@example.org\\r\\nBcc:b@example.org", "url is mailto: and 1 to 20 addresses with commas, e.g. mailto:oncall@example.com,finops@example.com.|url may not hold control characters.")]
    [InlineData("slack", "https://hooks.slack.com/…", "url is what is shown of a chat's address. Give the whole address.")]
    [InlineData("slack", "http://169.254.169.254/x", "url may not lead to a link-local or metadata address.")]
    [InlineData("pager", "https://example.org", "kind is one of generic, slack, teams, email.")]
    public async Task Channel_ThatCannotBe_IsRefused(string kind, string url, string faults)
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(faults.Split('|'), await api.FaultTextsAsync("/api/webhooks", $$"""{"name":"n","kind":"{{kind}}","url":"{{url}}"}"""));
    }

    private static string Decoded(string mail)
    {
        var text = new StringBuilder();
        foreach (var part in mail.Split("\n\n"))
        {
            var packed = part.Split("\n--")[0].Replace("\n", "", StringComparison.Ordinal);
            var bytes = new byte[packed.Length];
            text.AppendLine(Convert.TryFromBase64String(packed, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : part.Replace("=\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal));
        }
        return text.ToString();
    }

    private async Task<CreatedWebhook> CreateAsync(Guid organisation, string kind, string url)
    {
        var create = new CreateWebhook(portal.Get<ConfigurationWriter>(), portal.Get<SecretBox>(), Options.Create(new WebhookOptions { AllowPrivate = true }));
        var made = await create.RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, organisation), new() { Kind = kind, Name = "n", Url = url }, default);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    private Task<Result<WebhookDetails>> UpdateAsync(Guid organisation, Guid id, WebhookRequest request) =>
        new UpdateWebhook(portal.Get<ConfigurationWriter>(), portal.Get<SecretBox>(), Options.Create(new WebhookOptions { AllowPrivate = true }))
            .RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, organisation), id, request, default);

    private async Task RaiseAsync(Guid organisation, string provider)
    {
        var book = new AlertBook(portal.Get<NpgsqlDataSource>());
        await book.RaiseAsync(new(new SeriesKey(organisation, AlertKinds.ProviderErrors, provider), 0.4, 0.01, new(0.05, true, false)), clock.Now, default);
        Assert.Equal(1, await book.AnnounceAsync(clock.Now, default));
    }

    private async Task DeliverAsync()
    {
        while (await new WebhookDispatcher(portal.Get<NpgsqlDataSource>(), Sender(), clock).DeliverDueAsync(default) > 0) continue;
    }

    private WebhookSender Sender() => new(
        new WebhookClient(Options.Create(new WebhookOptions { AllowPrivate = true })), portal.Get<SecretBox>(), clock,
        new MailSender(Options.Create(new MailOptions { Host = IPAddress.Loopback.ToString(), Port = mails.Port, StartTls = false, From = "gateway@example.net" })));
}
