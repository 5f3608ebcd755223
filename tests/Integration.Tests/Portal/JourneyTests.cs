using System.Net;
using System.Text.RegularExpressions;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>What people come to the portal for, in a real browser, against a real gateway.</summary>
[Collection(nameof(PortalPages))]
public sealed partial class JourneyTests(PortalFixture portal)
{
    [Fact]
    public async Task Overview_AfterRequests_ShowsFiguresChartsAndTheirTable()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/");
        var page = visit.Page;

        await Expect(page.Locator(".figure", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Requests", Exact = true }) }).Locator(".figure-value")).ToHaveTextAsync(AtLeastFour());
        await Expect(page.Locator(".chart svg.rz-chart-svg, .chart .rz-chart svg").First).ToBeVisibleAsync();
        await page.GetByText("The same as a table").ClickAsync();
        await Expect(page.Locator(".numbers tbody tr")).ToHaveCountAsync(24);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download CSV" }).ClickAsync());
        Assert.Equal("overview.csv", download.SuggestedFilename);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Overview_OfASingleHour_DrawsItsLatenciesAsDots()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/");
        var page = visit.Page;
        await Expect(page.Locator(".chart-tall svg").First).ToBeVisibleAsync();
        await page.GetByText("The same as a table").ClickAsync();
        var latencies = page.Locator(".numbers tbody tr td:last-child");
        var dots = page.Locator(".chart-tall .rz-marker");

        // Requests of the other tests may lie in an hour before, or be counted while the page is open: then lines join the two.
        await Eventually.HoldsAsync(
            async () => await dots.CountAsync() == (await AnsweredAsync() == 1 ? 3 : 0), TimeSpan.FromSeconds(30), "dots only for a single hour");
        await visit.PictureAsync("overview-one-hour");

        // The page stays open while a second hour is counted.
        await portal.World.Configuration.ExecuteAsync("""
            insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, provider, deployment, fallback_chain, price_version_id, input_tokens, cache_read_tokens, cache_write_tokens,
                output_tokens, reasoning_tokens, latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
            select gen_random_uuid(), now() - interval '3 hours', 'an-hour-before', organisation_id, team_id, key_id, route, provider, deployment, '{}', price_version_id, 0, 0, 0,
                0, 0, latency_us, overhead_us, 'ok', 200, 0, false, false, '{}'
            from usage_records where status = 'ok' order by at desc limit 1
            """);
        await Eventually.HoldsAsync(
            async () => await AnsweredAsync() > 1 && await dots.CountAsync() == 0, TimeSpan.FromSeconds(60), "lines join the hours that were counted while the page was open");
        Assert.Empty(visit.Complaints);

        async Task<int> AnsweredAsync() => (await latencies.AllInnerTextsAsync()).Count(text => text != "–");
    }

    [Fact]
    public async Task Overview_LeftOpen_CountsRequestsThatComeLater()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/");
        var requests = visit.Page.Locator(".figure", new() { Has = visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Requests", Exact = true }) }).Locator(".figure-value");
        var before = int.Parse(await requests.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);
        using (var answer = await portal.Gateway.ChatAsync(portal.World.Key, """{"model":"small","messages":[{"role":"user","content":"hello"}]}""")) await answer.Content.ReadAsByteArrayAsync();

        // Nobody touches the page: the portal tells it.
        await Eventually.HoldsAsync(
            async () => int.Parse(await requests.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture) > before, TimeSpan.FromSeconds(30), "the open page counts the request");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Key_IssuedTriedAndRevoked_WorksUntilThen()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/keys");

        await page.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        await Expect(dialog.GetByText("Name is required.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("journey-key");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();

        var secret = (await dialog.Locator(".secret").TextContentAsync())!;
        Assert.StartsWith("agw-", secret, StringComparison.Ordinal);
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Tab, new() { Name = "Python" }).ClickAsync();
        await Expect(dialog.GetByText("from openai import OpenAI")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send a test request" }).ClickAsync();
        await Expect(dialog.GetByText("Answered in")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        var row = page.Locator("tr", new() { HasText = "journey-key" });
        await Expect(row).ToContainTextAsync("Live");
        // The list shows the key while the dialog is still on its way out.
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke journey-key" }).ClickAsync();
        var revoke = dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke key" });
        await Expect(revoke).ToBeDisabledAsync();
        await dialog.GetByLabel("Type journey-key to confirm").FillAsync("journey-key");
        await revoke.ClickAsync();

        await Expect(row).ToContainTextAsync("Revoked");
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(secret, """{"model":"small","messages":[{"role":"user","content":"hello"}]}""");
                return answer.StatusCode == HttpStatusCode.Unauthorized;
            },
            TimeSpan.FromSeconds(30), "the gateway refuses the revoked key");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Key_Edited_KeepsItsSecret_AndSaysWhatWasSet()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/keys?issue=true");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("edited-key");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        var secret = (await dialog.Locator(".secret").TextContentAsync())!;
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit edited-key" }).ClickAsync();
        await dialog.Locator("#key-patterns").FillAsync("small");
        await dialog.Locator("[name=key-threshold]").FillAsync("0.5");
        await dialog.Locator("[name=key-threshold]").BlurAsync();
        await Expect(dialog.GetByText("Then it")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.PictureAsync("key-edit");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save key" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        await Expect(page.Locator("tr", new() { HasText = "edited-key" }).Locator(".tag")).ToHaveTextAsync("small");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit edited-key" }).ClickAsync();
        await Expect(dialog.Locator("[name=key-threshold]")).ToHaveValueAsync("0.5");
        await Eventually.HoldsAsync(
            async () =>
            {
                using var refused = await portal.Gateway.ChatAsync(secret, """{"model":"chain","messages":[{"role":"user","content":"hello"}]}""");
                using var served = await portal.Gateway.ChatAsync(secret, """{"model":"small","messages":[{"role":"user","content":"hello"}]}""");
                return (refused.StatusCode, served.StatusCode) == (HttpStatusCode.Forbidden, HttpStatusCode.OK);
            },
            TimeSpan.FromSeconds(30), "the gateway holds to the edited key");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Key_Rotated_ShowsANewSecretAndTheOldOneRetiring()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/keys?issue=true");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("rotating-key");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
        var first = await dialog.Locator(".secret").TextContentAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate rotating-key" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate key" }).ClickAsync();

        await Expect(dialog.Locator(".secret")).Not.ToHaveTextAsync(first!);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "rotating-key" }).Filter(new() { HasText = "Retiring" })).ToHaveCountAsync(1);
        await Expect(page.Locator("tr", new() { HasText = "rotating-key" }).Filter(new() { HasText = "Live" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Keys_ChosenTogether_AreRevokedTogether()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        foreach (var name in (string[])["bulk-one", "bulk-two"])
        {
            await visit.GoAsync("/keys?issue=true");
            await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
            await Expect(dialog).ToHaveCountAsync(0);
        }
        await visit.GoAsync("/keys?q=bulk-");

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select all keys of this page" }).CheckAsync();
        await Expect(page.GetByText("2 keys selected")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("revoke 2 keys");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke keys" }).ClickAsync();

        await Expect(page.Locator("tr", new() { HasText = "Revoked" })).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Model_Added_IsServedByTheGateway()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/models");

        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("portal-made");
        await dialog.GetByLabel("Other names optional").FillAsync("portal-alias");
        await dialog.Locator(".places .rz-dropdown").ClickAsync();
        await page.Locator(".rz-dropdown-panel.rz-open .rz-dropdown-item, .rz-dropdown-panel .rz-dropdown-item:visible").First.ClickAsync();
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "portal-made" })).ToBeVisibleAsync();
        // A key of its own: what is refused until the model is known must not be among the requests that other journeys count.
        var key = VirtualKeySecret.Create();
        await portal.World.Configuration.AddKeyAsync(portal.World.Organisation, portal.World.Team, key);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(key, """{"model":"portal-alias","messages":[{"role":"user","content":"hello"}]}""");
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(30), "the gateway serves the new model");
    }

    [Fact]
    public async Task Price_Set_StandsInTheList()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/models?view=deployments");

        await page.Locator("[aria-label^='Set the price of']").First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Input", new() { Exact = true }).FillAsync("1.25");
        await dialog.GetByLabel("Output", new() { Exact = true }).FillAsync("7.5");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set price" }).ClickAsync();

        await Expect(page.GetByText("$1.25")).ToBeVisibleAsync();
        await Expect(page.GetByText("$7.50")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task PriceBook_FillsANewDeployment_AndAnImportShowsWhatItChangesFirst()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/models?view=providers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add provider" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator(".rz-dropdown").ClickAsync();
        await page.Locator(".rz-dropdown-item:visible", new() { HasText = "Groq" }).ClickAsync();
        await Expect(dialog.GetByLabel("Address", new() { Exact = true })).ToHaveValueAsync("https://api.groq.com/openai/v1");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add provider" }).ClickAsync();
        await Expect(page.GetByText("https://api.groq.com/openai/v1")).ToBeVisibleAsync();

        await visit.GoAsync("/models?view=deployments");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add deployment" }).ClickAsync();
        await dialog.Locator(".rz-dropdown").First.ClickAsync();
        await page.Locator(".rz-dropdown-item:visible", new() { HasText = "Groq" }).ClickAsync();
        await dialog.GetByLabel("The provider's name of the model").FillAsync("openai/gpt-oss-20b");
        await dialog.GetByLabel("The provider's name of the model").BlurAsync();
        await Expect(dialog.GetByText("Known to the price book")).ToBeVisibleAsync();
        await Expect(dialog.GetByLabel("call tools")).ToBeCheckedAsync();
        await Expect(dialog.GetByLabel("see images")).Not.ToBeCheckedAsync();
        await Expect(dialog.GetByText("$0.075 in")).ToBeVisibleAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("groq-oss");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add deployment" }).ClickAsync();
        var row = page.Locator(".list tbody tr", new() { HasText = "groq-oss" });
        await Expect(row).ToContainTextAsync("$0.075");

        await page.GetByRole(AriaRole.Button, new() { Name = "Import price book" }).ClickAsync();
        await visit.ChooseFileAsync("prices.json", """{"groq/openai/gpt-oss-20b":{"litellm_provider":"groq","input_cost_per_token":-1}}""");
        await Expect(dialog.GetByText("The file was refused whole")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Import price book" })).ToBeDisabledAsync();
        await visit.ChooseFileAsync("prices.json", """{"groq/openai/gpt-oss-20b":{"litellm_provider":"groq","input_cost_per_token":9e-08,"output_cost_per_token":4e-07}}""");
        await Expect(dialog.Locator(".import-diff")).ToContainTextAsync(OldAndNewPrice());
        await visit.AssertAccessibleAsync();
        await Expect(row).ToContainTextAsync("$0.075");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import and change 1 price" }).ClickAsync();
        await Expect(row).ToContainTextAsync("$0.09");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Requests_Filtered_StaySoAfterAReload()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        // Of the fixture's key alone: other journeys have requests refused with keys of their own.
        await visit.GoAsync($"/requests?key={portal.World.KeyId}");
        var rows = page.Locator(".list tbody tr");
        await Expect(rows.Nth(3)).ToBeVisibleAsync();

        await page.Locator(".filters .rz-dropdown", new() { HasText = "Every ending" }).ClickAsync();
        await page.Locator(".rz-dropdown-item:visible", new() { HasText = "Refused" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(page).ToHaveURLAsync(new Uri(portal.Portal.Address, $"/requests?key={portal.World.KeyId}&status=refused").ToString());
        await page.ReloadAsync();
        await visit.SettledAsync();

        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows.First).ToContainTextAsync("model_not_found");
        await rows.First.Locator("a").First.ClickAsync();
        await Expect(page.GetByText("There is no model nowhere.")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Team_CreatedAndArchived_IsGoneFromTheListUntilAskedFor()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/teams");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Short-lived");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        var row = page.Locator("tr", new() { HasText = "Short-lived" });
        await Expect(row).ToContainTextAsync("Active");

        await row.GetByRole(AriaRole.Button, new() { Name = "Archive Short-lived" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Archive team" }).ClickAsync();

        await Expect(row).ToHaveCountAsync(0);
        await page.GetByLabel("Also archived teams").CheckAsync();
        await Expect(row).ToContainTextAsync("Archived");
    }

    // The fixture made four; journeys that ran before may have added theirs.
    [GeneratedRegex("^(?:[4-9]|[1-9][0-9]+)$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtLeastFour();

    [GeneratedRegex(@"input\s*\$0\.075.*\$0\.09", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OldAndNewPrice();
}
