using System.Diagnostics;
using System.Net;
using System.Text;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.ConfigurationFiles;

/// <summary>The whole configuration as a file: out, in, and out again.</summary>
public sealed class ImportTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Export_OfEverything_IsTheGoldenFile_HoldsNoSecret_AndBroughtInElsewhereComesOutTheSame()
    {
        var house = await House.StartAsync(portal);
        await house.FillAsync();
        var exported = await house.ExportAsync();

        Golden(exported.Replace(house.Slug, "SLUG", StringComparison.Ordinal));
        Assert.DoesNotContain("that-is-secret", exported, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", exported, StringComparison.Ordinal);
        Assert.Equal(exported, await house.ExportAsync());

        // Elsewhere: what is no part of the file is made by hand first.
        var other = await House.StartAsync(portal);
        var parts = exported.Split("\n\n").ToDictionary(p => p.Split(':')[0].Split('\n')[^1]);
        await other.ImportedAsync($"version: 1\n{parts["providers"]}");
        await other.CredentialAsync("openai", "main");
        await other.CredentialAsync("openai", "spare");
        await other.Api.KeyAsync((await other.Api.MadeAsync("/api/teams", """{"name":"P","slug":"payments"}""")).Id(), "ci bot");
        var revision = await portal.RevisionAsync();

        var planned = await other.ImportedAsync(exported, "&dry_run=true&prune=true");
        Assert.Equal(revision, await portal.RevisionAsync());
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from models where organisation_id = '{other.Api.Organisation}'"));
        var imported = await other.ImportedAsync(exported, "&prune=true");

        Assert.Equal(exported.Replace(house.Slug, other.Slug, StringComparison.Ordinal), await other.ExportAsync());
        Assert.Equal(revision + 1, await portal.RevisionAsync());
        Assert.Equal(planned["changes"]!.ToJsonString(), imported["changes"]!.ToJsonString());
        Assert.StartsWith("whsec_", Assert.Single(imported["webhooks"]!.AsArray()).Text("secret"), StringComparison.Ordinal);
        Assert.Empty(planned["webhooks"]!.AsArray());
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{other.Api.Organisation}' and action = 'configuration.import' and revision = {revision + 1}"));

        // The second time there is nothing to do.
        var again = await other.ImportedAsync(exported, "&prune=true");
        Assert.Equal((0, revision + 1), (again["changes"]!.AsArray().Count, await portal.RevisionAsync()));
    }

    [Fact]
    public async Task Change_OfAField_IsShownOldAndNew_AndOnlyItIsAudited()
    {
        var house = await House.StartAsync(portal);
        await house.FillAsync();
        var file = (await house.ExportAsync()).Replace("amount: 600", "amount: 700", StringComparison.Ordinal).Replace("input: 150000000", "input: 140000000", StringComparison.Ordinal);

        var result = await house.ImportedAsync(file);

        Assert.Equal((0, 2, 0), (result["created"]!.GetValue<int>(), result["changed"]!.GetValue<int>(), result["ended"]!.GetValue<int>()));
        Assert.Equal(
            ["deployments big price.input 150000000 140000000", "limits team payments requests minute amount 600 700"],
            result["changes"]!.AsArray().Select(c => $"{c.Text("section")} {c.Text("name")} {c!["fields"]![0].Text("field")} {c["fields"]![0].Text("before")} {c["fields"]![0].Text("after")}"));
        var revision = await portal.RevisionAsync();
        Assert.Equal(
            ["configuration.import", "limit.update", "price.set"],
            (await house.Api.ItemsAsync("/api/audit?limit=20")).Where(a => a["revision"]!.GetValue<long>() == revision).Select(a => a.Text("action")).Order());
    }

    [Fact]
    public async Task Fault_OfAnyKind_NamesItsLine_AllAtOnce_AndNothingIsChanged()
    {
        var house = await House.StartAsync(portal);
        var revision = await portal.RevisionAsync();
        var said = await house.RefusedAsync("version: 1\nteams:\n  - slug: a\n    nam: A\n    allowed_models: x\n  - name: B\nmodles: []\nlimits:\n  - scope_kind: team\n    amount: \"5\"\n");
        Assert.Equal(
            [
                "line 4, column 5: nam is not a field of teams.", "line 5, column 21: allowed_models is a list, each entry in a line of its own behind a hyphen.",
                "line 6, column 5: slug is required: it says which team this is.", "line 7, column 1: modles is not a section. Sections are organization, providers, deployments, models, teams, features, tiers, tier_assignments, tasks, rules, pins, canaries, limits, budgets, residency, guardrail_checks, guardrails, caches, content, anomalies, webhooks.",
                "line 10, column 13: amount is a whole number.",
            ], said.Order(Comparer<string>.Create((a, b) => int.Parse(a.Split(' ', ',')[1]).CompareTo(int.Parse(b.Split(' ', ',')[1])))));

        // What the commands refuse, of several things at once; one of them is fine and does not happen either.
        said = await house.RefusedAsync("version: 1\nteams:\n  - slug: fine\n    name: Fine\n  - slug: Bad Slug\n    name: B\nbudgets:\n  - scope_kind: team\n    scope_id: nobody\n    period: daily\n    cap_usd: 1\n");
        Assert.Equal(2, said.Count);
        Assert.StartsWith("line 5, column 5: team Bad Slug: slug may hold", said[0], StringComparison.Ordinal);
        Assert.Equal("line 8, column 5: budget team nobody daily: There is no team nobody.", said[1]);
        Assert.Equal((revision, 0L), (await portal.RevisionAsync(), await portal.ScalarAsync<long>($"select count(*) from teams where organisation_id = '{house.Api.Organisation}'")));
    }

    [Fact]
    public async Task Prune_EndsWhatIsNotNamed_InTheFilesSectionsOnly()
    {
        var house = await House.StartAsync(portal);
        await house.FillAsync();
        const string File = "version: 1\nteams:\n  - slug: \"123\"\n    name: \"123\"\ncanaries: []\ntasks:\n  - name: other\n    words: [word]\n";

        var kept = await house.ImportedAsync(File, "&dry_run=true");
        Assert.Equal((1, 0), (kept["created"]!.GetValue<int>(), kept["ended"]!.GetValue<int>()));
        var result = await house.ImportedAsync(File, "&prune=true");

        Assert.Equal(
            ["tasks invoices delete", "tasks other create", "teams payments archive"],
            result["changes"]!.AsArray().Select(c => $"{c.Text("section")} {c.Text("name")} {c.Text("outcome")}").Order(StringComparer.Ordinal));
        Assert.Equal(2, (await house.Api.ItemsAsync("/api/models")).Count);
        // Named again, the team is taken out with its new values.
        await house.ImportedAsync("version: 1\nteams:\n  - slug: payments\n    name: Paying\n");
        Assert.Equal("Paying", (await house.Api.ItemsAsync("/api/teams")).Single(t => t.Text("slug") == "payments").Text("name"));
    }

    [Fact]
    public async Task Import_OfWhatChangedSinceItWasCompared_IsRefused()
    {
        var house = await House.StartAsync(portal);
        const string File = "version: 1\nteams:\n  - slug: a\n    name: A\n";
        var compared = (await house.ImportedAsync(File, "&dry_run=true"))["revision"]!.GetValue<long>();
        await house.Api.TeamAsync("Meanwhile");

        var (status, problem) = await house.ImportAsync(File, $"&revision={compared}");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("was changed since it was compared", problem.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain(await house.Api.ItemsAsync("/api/teams"), t => t.Text("slug") == "a");
        compared = (await house.ImportedAsync(File, "&dry_run=true"))["revision"]!.GetValue<long>();
        // Another organisation's change is none of this one's.
        await (await House.StartAsync(portal)).Api.TeamAsync("Elsewhere");
        await house.ImportedAsync(File, $"&revision={compared}");
    }

    [Fact]
    public async Task Import_AfterGatewaysOrVotesChangedSomethingOfTheirOwn_IsWhatWasCompared()
    {
        var house = await House.StartAsync(portal);
        const string File = "version: 1\nteams:\n  - slug: a\n    name: A\n";
        var compared = (await house.ImportedAsync(File, "&dry_run=true"))["revision"]!.GetValue<long>();
        var learned = new Dictionary<(string, string, string), LearnedFigures> { [("coding", "p", "m")] = new(0.9, 0.8, 0.95, 40, 12) };
        Assert.True((await portal.Get<PublishQuality>().LearnAsync(house.Api.Organisation, learned, default)).Succeeded);
        var machine = await portal.RevisionAsync();

        Assert.DoesNotContain(await house.Api.ItemsAsync("/api/config/history"), r => r["revision"]!.GetValue<long>() == machine);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Api.PostAsync("/api/config/rollback", $$"""{"to":{{machine}}}""")).Status);
        Assert.Single((await house.ImportedAsync(File, $"&revision={compared}"))["changes"]!.AsArray());
    }

    [Fact]
    public async Task Imports_OfTheSameFileAtOnce_ChangeItOnce()
    {
        var house = await House.StartAsync(portal);
        const string File = "version: 1\nteams:\n  - slug: a\n    name: A\n  - slug: b\n    name: B\n";
        var before = await portal.RevisionAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => house.ImportedAsync(File)));
        Assert.Equal([0, 0, 0, 0, 0, 2], results.Select(r => r["created"]!.GetValue<int>()).Order());
        Assert.Equal(before + 1, await portal.RevisionAsync());
    }

    [Fact]
    public async Task RollBack_ToBeforeAnImport_IsShownFirst_AndPutsEverythingBack()
    {
        var house = await House.StartAsync(portal);
        await house.FillAsync();
        var before = await house.ExportAsync();
        var to = await portal.RevisionAsync();
        // A change of everything: values, things that come, things that go with what belongs to them.
        await house.ImportedAsync(
            before.Replace("amount: 600", "amount: 700", StringComparison.Ordinal).Replace("input: 150000000", "input: 9", StringComparison.Ordinal).Replace("retries: 2", "retries: 4", StringComparison.Ordinal)
                .Replace("failures: 3", "failures: 9", StringComparison.Ordinal).Replace("owner: ada@example.org", "owner: bob@example.org", StringComparison.Ordinal).Replace("name: zeta", "name: omega", StringComparison.Ordinal).Replace("slug: payments\n    name: \"Payments & more\"", "slug: payments\n    name: Paying", StringComparison.Ordinal),
            "&prune=true");
        var webhook = (await house.Api.ItemsAsync("/api/webhooks")).Single().Id();
        await house.Api.DeleteAsync($"/api/webhooks/{webhook}");
        await house.Api.TeamAsync("Newcomers");
        Assert.NotEqual(before, await house.ExportAsync());

        var (shown, plan) = await house.Api.PostAsync("/api/config/rollback?dry_run=true", $$"""{"to":{{to}}}""");
        Assert.True(shown == HttpStatusCode.OK, plan?.ToJsonString());
        Assert.NotEqual(before, await house.ExportAsync());
        var (status, done) = await house.Api.PostAsync($"/api/config/rollback?revision={plan!["revision"]}", $$"""{"to":{{to}}}""");

        Assert.True(status == HttpStatusCode.OK, done?.ToJsonString());
        Assert.Equal(before, await house.ExportAsync());
        Assert.Equal(plan["changes"]!.ToJsonString(), done!["changes"]!.ToJsonString());
        var newest = (await house.Api.ItemsAsync("/api/config/history")).First();
        Assert.Equal((to, await portal.RevisionAsync()), (newest["rolled_back_to"]!.GetValue<long>(), newest["revision"]!.GetValue<long>()));
        // What was rolled back is rolled back in turn.
        var (back, _) = await house.Api.PostAsync("/api/config/rollback", $$"""{"to":{{newest["revision"]!.GetValue<long>() - 1}}}""");
        Assert.Equal(HttpStatusCode.OK, back);
        Assert.Contains(await house.Api.ItemsAsync("/api/teams"), t => t.Text("slug") == "newcomers");
    }

    [Fact]
    public async Task RollBack_OfWhatWentWithMoreThanItsDocument_BringsThatBackToo()
    {
        var house = await House.StartAsync(portal);
        await house.Api.ModelAsync("fast");
        var deployment = (await house.Api.ItemsAsync("/api/deployments")).Single().Id();
        await house.Api.PostAsync("/api/prices", $$"""{"deployment_id":"{{deployment}}","components":{"input":5,"output":6} }""");
        await house.Api.PutAsync($"/api/reliability/deployments/{deployment}/breaker", """{"failures":7}""");
        await house.Api.MadeAsync("/api/limits", """{"scope_kind":"deployment","scope_id":"d-fast","unit":"concurrency","amount":8}""");
        var (before, to) = (await house.ExportAsync(), await portal.RevisionAsync());
        await house.Api.DeleteAsync($"/api/models/{(await house.Api.ItemsAsync("/api/models")).Single().Id()}");
        Assert.Equal(HttpStatusCode.NoContent, (await house.Api.DeleteAsync($"/api/deployments/{deployment}")).Status);

        var (status, result) = await house.Api.PostAsync("/api/config/rollback", $$"""{"to":{{to}}}""");

        Assert.True(status == HttpStatusCode.OK, result?.ToJsonString());
        Assert.Equal(before, await house.ExportAsync());
    }

    [Fact]
    public async Task RollBack_ToARevisionOfAnotherOrganisation_FindsNothing()
    {
        var (house, other) = (await House.StartAsync(portal), await House.StartAsync(portal));
        await other.Api.TeamAsync("Theirs");
        var theirs = await portal.RevisionAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await house.Api.PostAsync("/api/config/rollback?dry_run=true", $$"""{"to":{{theirs}}}""")).Status);
        Assert.DoesNotContain(await house.Api.ItemsAsync("/api/config/history"), r => r["revision"]!.GetValue<long>() == theirs);
        Assert.DoesNotContain("Theirs", await house.ExportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_ThatHasEnded_IsNotBegunAgainByTheFileThatBeganIt()
    {
        var house = await House.StartAsync(portal);
        await house.FillAsync();
        var file = await house.ExportAsync();
        var canary = (await house.Api.ItemsAsync("/api/canaries")).Single().Id();
        await house.Api.PostAsync($"/api/canaries/{canary}/abort", "{}");

        var result = await house.ImportedAsync(file);

        Assert.Empty(result["changes"]!.AsArray());
        Assert.Equal("The canary of model fast has ended already and is not begun again.", Assert.Single(result["warnings"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task History_IsPagedByKey_NewestFirst()
    {
        var house = await House.StartAsync(portal);
        for (var i = 0; i < 5; i++) await house.Api.TeamAsync($"T{i}");
        var all = (await house.Api.ItemsAsync("/api/config/history")).ConvertAll(r => r["revision"]!.GetValue<long>());
        Assert.Equal(all.OrderDescending(), all);
        Assert.Equal(6, all.Count);
        var first = (await house.Api.GetAsync("/api/config/history?limit=4")).Body!;
        var second = (await house.Api.GetAsync($"/api/config/history?limit=4&after={first.Text("next")}")).Body!;
        Assert.Equal(all, first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(r => r!["revision"]!.GetValue<long>()));
        Assert.Equal("T4", first["items"]![0].Text("name"));
        Assert.Equal(HttpStatusCode.BadRequest, (await house.Api.GetAsync("/api/config/history?after=x")).Status);
    }

    [Fact]
    public async Task File_OfTwoThousandDeployments_IsComparedAndAppliedInBoundedTimeAndMemory()
    {
        const int Many = 2_000;
        var house = await House.StartAsync(portal);
        var yaml = new StringBuilder("version: 1\nproviders:\n  - slug: own\n    name: Own\n    protocol: vllm\n    base_url: http://vllm.internal/v1\n    is_private: true\ndeployments:\n");
        for (var i = 0; i < Many; i++)
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - name: d{i:0000}\n    provider: own\n    upstream_model: m{i}\n    context_tokens: 8192\n    max_output_tokens: 1024\n    abilities: [tools]\n    price:\n      input: {i}\n      output: {2 * i}\n");
        var actor = PortalHost.Actor(Roles.OrganisationAdmin, house.Api.Organisation);
        var (command, progress) = (portal.Get<ImportConfiguration>(), new Steps());
        var (began, memory) = (Stopwatch.GetTimestamp(), GC.GetTotalMemory(forceFullCollection: true));

        var compared = await command.RunAsync(actor, yaml.ToString(), new() { DryRun = true }, null, default);
        var applied = await command.RunAsync(actor, yaml.ToString(), new() { Revision = compared.Value.Revision }, progress, default);
        var again = await command.RunAsync(actor, yaml.ToString(), new(), null, default);

        var grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        GC.KeepAlive(applied.Value);
        Assert.Equal((Many + 1, Many + 1, 0), (compared.Value.Created, applied.Value.Created, again.Value.Changes.Count));
        Assert.Equal(new ImportProgress(Many + 1, Many + 1), progress.Last);
        // Generous: the machine may be busy with the rest of the tests. What grows with the square of the things would take hours.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromMinutes(4));
        Assert.InRange(grown, long.MinValue, 64 * 1024 * 1024);
    }

    private static void Golden(string exported)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "../../../ConfigurationFiles/everything.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(source, exported);
        Assert.Equal(File.ReadAllText(source), exported);
    }

    private sealed class Steps : IProgress<ImportProgress>
    {
        public ImportProgress? Last { get; private set; }

        public void Report(ImportProgress value) => Last = value;
    }
}
