using System.Text.Json;
using AspireGateway.Integration.Tests.Portal;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Data;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.SignIn;

/// <summary>Somebody who may read texts, in a real browser: searches for a reason, reads one for a reason, and what they did stands in the audit.</summary>
public sealed class ContentReaderJourneyTests(SignInFixture fixture) : IClassFixture<SignInFixture>
{
    private const string Reason = "Incident 4711, as agreed with legal";

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Reviewer_SearchesAndReads_ForAReasonOnly(string theme, int width)
    {
        var mapping = await fixture.MapAsync("reviewers-" + theme, "security_reviewer");
        await KeepAsync($"Please compare the heron forecast of {theme} with last year's.", "The heron forecast is 12 % above last year's, for three reasons.");
        await fixture.Provider.SetAsync("rita-" + theme, new { groups = (string[])["reviewers-" + theme] });
        await using var visit = await fixture.OpenAsync(theme, width);
        await SignInFixture.SignInAsync(visit, "rita-" + theme);
        await Expect(visit.Page.Locator(".person-name")).ToHaveTextAsync($"rita-{theme}@example.org");
        var page = visit.Page;

        await visit.GoAsync("/content/search");
        await page.GetByLabel("Words").FillAsync($"heron {theme}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(page.Locator(".field-error").First).ToContainTextAsync("required");
        await page.GetByLabel("Reason").FillAsync(Reason);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        var row = page.Locator("tbody tr");
        await Expect(row).ToContainTextAsync($"heron forecast of {theme}");
        await LookAsync(visit, $"content-search-{theme}-{width}");

        await row.Locator("a").ClickAsync();
        // The search asks for a reason, too: not its field, but the one of the page that comes.
        await Expect(page.Locator(".kept")).ToBeVisibleAsync();
        await page.GetByLabel("Reason").FillAsync(Reason);
        await LookAsync(visit, $"content-locked-{theme}-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Read the texts" }).ClickAsync();
        await Expect(page.Locator(".kept")).ToContainTextAsync("for three reasons");
        await LookAsync(visit, $"content-read-{theme}-{width}");
        Assert.Equal("content.search,content.reveal", await fixture.SqlAsync(
            $"select string_agg(action, ',' order by seq) from audit_entries where action in ('content.search', 'content.reveal') and after->>'reason' = '{Reason}' and actor like 'rita-{theme}%'"));
        await fixture.UnmapAsync(mapping);
        Assert.Empty(visit.Complaints);
    }

    private static async Task LookAsync(Visit visit, string name)
    {
        await visit.PictureAsync(name);
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
    }

    // As a gateway writes it.
    private async Task KeepAsync(string prompt, string reply)
    {
        var world = fixture.World;
        await using var source = NpgsqlDataSource.Create(world.Database);
        var keys = new ContentKeyStore(source, new SecretBox(world.MasterKey));
        var at = TimeProvider.System.GetUtcNow();
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        var own = await keys.OrganisationAsync(world.Organisation, at, default);
        var key = (await keys.SubjectAsync(own, own.SubjectOf("ada"), at, at, default))!;
        var plain = JsonSerializer.SerializeToUtf8Bytes(new ContentTexts { Prompt = prompt, Reply = reply }, ContentJson.Default.ContentTexts);
        var id = Guid.CreateVersion7(at);
        await using var insert = source.CreateCommand("""
            insert into content_records (id, at, organisation_id, team_id, key_id, data_key, key_version, model, operation, state, is_masked, has_prompt, has_reply, is_truncated, plain_bytes, retain_until, payload)
            values ($1, $2, $3, $4, $5, $6, $7, 'small', 'chat_completions', 'whole', true, true, true, false, $8, $9, $10)
            """);
        foreach (var value in new object[] { id, at.UtcDateTime, world.Organisation, world.Team, world.KeyId, key.Id, key.Version, plain.Length, at.UtcDateTime.AddDays(30), ContentCipher.Seal(key, id, at, plain) })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync();
    }
}
