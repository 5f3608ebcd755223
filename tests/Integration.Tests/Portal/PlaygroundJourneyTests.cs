using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>Questions to models in a real browser, through a real gateway.</summary>
[Collection(nameof(PortalPages))]
public sealed class PlaygroundJourneyTests(PortalFixture portal)
{
    [Fact]
    public async Task Question_Streams_IsStopped_ComparesTwo_AndCostsWhatItsRecordSays()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/playground?model=small");
        var message = page.GetByLabel("Message");
        var small = page.GetByRole(AriaRole.Region, new() { Name = "Answer of small" });
        var chain = page.GetByRole(AriaRole.Region, new() { Name = "Answer of chain" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(page.GetByText("Write a message first.")).ToBeVisibleAsync();

        // 1. It comes piece by piece: something is there long before it is whole.
        await message.FillAsync("Hello [[sim: chunks=1200; chunk-ms=50]]");
        await message.PressAsync("Control+Enter");
        await Expect(small.GetByRole(AriaRole.Status)).ToHaveTextAsync("Answering");
        await Expect(small.Locator(".answer-text")).Not.ToBeEmptyAsync();
        await visit.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(small.GetByRole(AriaRole.Status)).ToHaveTextAsync("Stopped");
        await Expect(message).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Hello ", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        // What was said until then is paid for, and the record tells how much.
        await AssertRecordAsync(small, stopped: true);

        // 2. Two at once.
        await page.Locator(".field", new() { HasText = "Compare with" }).Locator(".rz-dropdown").ClickAsync();
        await page.Locator(".rz-dropdown-item:visible").GetByText("chain", new() { Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(portal.Portal.Address, "/playground?model=small&with=chain").ToString());
        await message.FillAsync("Hello to both of you [[sim: chunks=6; chunk-ms=20]]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(small.GetByRole(AriaRole.Status)).ToHaveTextAsync("Done");
        await Expect(chain.GetByRole(AriaRole.Status)).ToHaveTextAsync("Done");
        await Expect(page.Locator(".answers-verdict")).ToContainTextAsync("sooner");
        await AssertRecordAsync(small);
        await AssertRecordAsync(chain);
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        // 3. What the gateway refuses is said in its words.
        await message.FillAsync("Hello [[sim: status=400; error-message=\"Too odd.\"]]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(small.GetByRole(AriaRole.Status)).ToContainTextAsync("Refused with 4");
        await Expect(small.Locator("blockquote")).Not.ToBeEmptyAsync();
        await visit.AssertAccessibleAsync();
        Assert.Empty(visit.Complaints);
    }

    private async Task AssertRecordAsync(ILocator answer, bool stopped = false)
    {
        var link = answer.GetByRole(AriaRole.Link);
        await Expect(link).ToBeVisibleAsync();
        var id = Guid.Parse((await link.GetAttributeAsync("href"))!["requests/".Length..]);
        var record = await portal.World.RecordAsync($"req_{id:N}");
        Assert.Equal("playground", record.Feature);
        Assert.True(record.Streamed);
        Assert.True(record.CostNanoUsd > 0);
        Assert.Equal(stopped ? UsageStatuses.Aborted : UsageStatuses.Ok, record.Status);
        await Expect(answer.Locator("dd .number").First).ToHaveAttributeAsync("title", Money.Exact(record.CostNanoUsd));
        var tokens = (record.InputTokens + record.CacheReadTokens).ToString("#,##0", CultureInfo.InvariantCulture);
        await Expect(answer.Locator("dd .number").Nth(1)).ToHaveAttributeAsync("title", tokens);
        await Expect(answer.Locator("dd .number").Nth(2)).ToHaveAttributeAsync("title", record.OutputTokens.ToString("#,##0", CultureInfo.InvariantCulture));
    }
}
