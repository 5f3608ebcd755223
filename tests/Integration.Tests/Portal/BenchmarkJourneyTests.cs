using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Benchmarks;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A benchmark in a real browser, through a real gateway: samples, estimate, run, comparison, publication; and what the books say of it.</summary>
[Collection(nameof(PortalPages))]
public sealed class BenchmarkJourneyTests(PortalFixture portal)
{
    private const int Samples = 12;

    [Fact]
    public async Task Run_PlannedStartedAndPublished_IsBookedToTheNano()
    {
        var world = portal.World;
        await using var visit = await portal.OpenAsync("light");
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        // "small" is right each time, the other model never.
        world.Simulator.ScriptFor("sim-small", [.. Enumerable.Repeat("text=4", Samples)]);
        world.Simulator.ScriptFor("sim-large", [.. Enumerable.Repeat("text=5", Samples)]);

        await visit.GoAsync("/benchmarks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add samples" }).First.ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("legs");
        await ChooseAsync("Task", "question answering");
        await dialog.GetByLabel("Samples", new() { Exact = true }).FillAsync("{\"prompt\": \"no answer\"}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add samples" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("line 1: an answer could not be judged.");
        await dialog.GetByLabel("Samples", new() { Exact = true }).FillAsync(
            string.Join('\n', Enumerable.Range(1, Samples).Select(i => $$"""{"prompt": "How many legs has animal {{i}}?", "expected": ["4", "four"]}""")));
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add samples" }).ClickAsync();
        await Expect(page.Locator(".list")).ToContainTextAsync("legs");

        await visit.GoAsync("/benchmarks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Plan a run" }).First.ClickAsync();
        await ChooseAsync("Models", "small");
        await page.Locator(".rz-multiselect-item:visible").GetByText("sim/sim-large", new() { Exact = true }).ClickAsync();
        await dialog.GetByText("Judged by", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".rz-multiselect-item:visible")).ToHaveCountAsync(0);
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Estimate cost" }).ClickAsync();

        await Expect(page.Locator("#estimate")).ToHaveTextAsync("What it will cost");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        Assert.Equal(0L, await ScalarAsync("select count(*) from usage_records where feature = 'benchmark'"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await Expect(page.Locator("#run-state")).ToHaveTextAsync("Done", new() { Timeout = 60_000 });
        var comparison = page.GetByRole(AriaRole.Region, new() { Name = "Comparison of models" });
        await Expect(comparison.Locator("tr", new() { HasText = "small" }).First).ToContainTextAsync("1.000");
        await Expect(comparison.Locator("tr", new() { HasText = "sim/sim-large" })).ToContainTextAsync("0.000");
        await Expect(page.Locator(".differences")).ToContainTextAsync("small is better");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();


        // Every request is in the books, on the run's key, and the run's spend is their sum.
        await Eventually.HoldsAsync(
            async () => await ScalarAsync("select count(*) from usage_records u join benchmark_runs r on r.key_id = u.key_id where u.feature = 'benchmark' and u.task = 'question_answering'") == 2L * Samples,
            TimeSpan.FromSeconds(20), "the run's requests are recorded");
        Assert.Equal(0L, await ScalarAsync("select r.spent_nano_usd - (select sum(cost_nano_usd)::bigint from usage_records u where u.key_id = r.key_id) from benchmark_runs r"));
        Assert.True(await ScalarAsync("select spent_nano_usd from benchmark_runs where spent_nano_usd <= ceiling_nano_usd and spent_nano_usd <= worst_nano_usd") is > 0L);
        await Eventually.HoldsAsync(
            async () => await ScalarAsync("select count(*) from virtual_keys k join benchmark_runs r on r.key_id = k.id where k.revoked_at is not null and r.key_envelope is null") == 1L,
            TimeSpan.FromSeconds(20), "the run's key is revoked");

        await page.GetByRole(AriaRole.Button, new() { Name = "Publish as quality" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish again" })).ToBeVisibleAsync();
        Assert.Equal(2L, await ScalarAsync(
            $"select count(*) from quality_cells where task = 'question_answering' and provider = 'sim' and samples = {Samples} and source = 'benchmark' and mean = case model when 'sim-small' then 1 else 0 end"));

        await visit.GoAsync("/benchmarks");
        await Expect(page.Locator(".list")).ToContainTextAsync("published");
        await visit.AssertAccessibleAsync();
        await page.SetViewportSizeAsync(390, 900);
        await visit.AssertFitsAsync();
        await page.Locator(".list a.cell-main").First.ClickAsync();
        await Expect(page.Locator("#comparison")).ToBeVisibleAsync();
        await visit.AssertFitsAsync();
        Assert.Empty(visit.Complaints);
        Assert.Equal(BenchmarkStatuses.Done, await TextAsync("select status from benchmark_runs"));

        async Task ChooseAsync(string label, string option)
        {
            var list = dialog.Locator(".field", new() { Has = page.GetByText(label, new() { Exact = true }) }).Locator(".rz-dropdown");
            await list.ClickAsync();
            await page.Locator(".rz-dropdown-item:visible, .rz-multiselect-item:visible").GetByText(option, new() { Exact = true }).ClickAsync();
            // It tells the form once it has closed.
            await Expect(list).ToContainTextAsync(option);
        }
    }

    private async Task<long?> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(portal.World.Database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as long?;
    }

    private async Task<string?> TextAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(portal.World.Database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }
}
