using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>The price book in a real browser: what holds, how it came to be, what a file would change.</summary>
[Collection(nameof(PortalPages))]
public sealed class PricesJourneyTests(PortalFixture portal)
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Price_Set_StandsInTheHistory_AndAFileShowsWhatItWouldChange(string theme, int width)
    {
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        // A public provider: a private one has no list price. It serves nobody.
        await portal.World.Configuration.ExecuteAsync("""
            insert into providers (id, organisation_id, slug, name, protocol, base_url, is_private, connect_timeout_ms, first_byte_timeout_ms, idle_timeout_ms, created_at)
            select gen_random_uuid(), id, 'listed', 'Listed', 'openai', 'https://api.listed.example/v1', false, 1000, 1000, 1000, now() from organisations limit 1 on conflict do nothing
            """);
        await portal.World.Configuration.ExecuteAsync("""
            insert into deployments (id, organisation_id, name, provider_id, upstream_model, is_enabled, created_at)
            select gen_random_uuid(), p.organisation_id, 'listed-' || n, p.id, n, false, now() from providers p, unnest(array['gpt-journey', 'unknown-journey']) n where p.slug = 'listed' on conflict do nothing
            """);

        await visit.GoAsync("/prices");
        await ShowAsync("prices");
        await page.GetByRole(AriaRole.Link, new() { Name = "listed-gpt-journey" }).ClickAsync();
        await visit.SettledAsync();
        foreach (var input in (string[])["2", "3"])
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Set price" }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Input", new() { Exact = true }).FillAsync(input);
            await dialog.GetByLabel("Output", new() { Exact = true }).FillAsync("8");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Set price" }).ClickAsync();
            await Expect(page.Locator("tr", new() { HasText = "holds now" })).ToContainTextAsync($"${input}.00 in");
        }
        await Expect(page.Locator(".price-changes").First).ToContainTextAsync("$3.00");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await ShowAsync("price-history");

        // Two requests were paid by the first of the two prices; they get the second. Those of the other theme are gone: they would get it once more.
        await portal.World.Configuration.ExecuteAsync("""
            delete from usage_records where request_id = 'repriced';
            insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, provider, deployment, fallback_chain, price_version_id, input_tokens, cache_read_tokens, cache_write_tokens,
                output_tokens, reasoning_tokens, latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
            select gen_random_uuid(), now() - interval '5 hours', 'repriced', d.organisation_id, (select id from teams t where t.organisation_id = d.organisation_id order by id limit 1), gen_random_uuid(),
                'chat_completions', 'listed', d.name, '{}', (select v.id from price_versions v where v.deployment_id = d.id and v.components ->> 'input' = '2000000000' order by v.id desc limit 1), 1000, 0, 0, 0, 0, 1, 1,
                'ok', 200, 2000000, false, false, '{}'
            from deployments d, generate_series(1, 2) where d.name = 'listed-gpt-journey'
            """);
        await page.GetByRole(AriaRole.Link, new() { Name = "Re-price past requests" }).ClickAsync();
        await visit.SettledAsync();
        await page.Locator(".rz-dropdown").First.ClickAsync();
        await page.GetByRole(AriaRole.Option).First.ClickAsync();
        // The page takes them for times of Berlin, an hour or two before.
        await page.GetByLabel("From", new() { Exact = true }).FillAsync(DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await page.GetByLabel("Until", new() { Exact = true }).FillAsync(DateTime.UtcNow.AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await page.GetByLabel("Reason", new() { Exact = true }).FillAsync("The list was misread.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByText("What would change")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await ShowAsync("repricing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Re-price 2 requests" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "The list was misread." }).First).ToContainTextAsync("done");
        await Expect(page.Locator("tr", new() { HasText = "The list was misread." }).First).ToContainTextAsync("2 corrected");
        await ShowAsync("repricing-done");

        await visit.GoAsync("/prices");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import price book" }).ClickAsync();
        await visit.ChooseFileAsync("prices.json", """{"gpt-journey":{"litellm_provider":"openai","input_cost_per_token":1e-06,"output_cost_per_token":8e-06,"cache_read_input_token_cost":5e-07}}""");
        var import = page.GetByRole(AriaRole.Dialog);
        await Expect(import.GetByText("1 model in the file.")).ToBeVisibleAsync();
        await import.GetByLabel("Also replace prices that were set by hand").CheckAsync();
        await Expect(import.Locator(".price-changes")).ToContainTextAsync("$3.00");
        await Expect(import.Locator(".price-changes")).ToContainTextAsync("$1.00");
        await import.Locator(".price-unknown summary").ClickAsync();
        await Expect(import.Locator(".price-unknown")).ToContainTextAsync("listed-unknown-journey");
        await visit.AssertAccessibleAsync();
        await ShowAsync("price-import");
        Assert.Empty(visit.Complaints);

        async Task ShowAsync(string name)
        {
            await visit.PictureAsync($"{name}-{theme}-{width}");
        }
    }
}
