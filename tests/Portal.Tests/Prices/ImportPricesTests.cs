using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Prices;

/// <summary>Price files through HTTP, command and verb, on a real database.</summary>
public sealed class ImportPricesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string First = """
        {"gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "max_input_tokens": 99, "supports_vision": true},
         "cheap": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07},
         "groq/fast": {"litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 1e-07, "output_cost_per_token": 1e-07}}
        """;

    private readonly string slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";

    private HttpClient Api => portal.Api;

    [Fact]
    public async Task Import_DryRun_ShowsTheDifferencesAndChangesNothing()
    {
        var world = await StartAsync();
        var revision = await portal.RevisionAsync();
        var (status, diff) = await Api.PostAsync(world.At("/api/prices/import?dry_run=true"), First);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(diff!["dry_run"]!.GetValue<bool>());
        Assert.Equal(3, diff["models_in_file"]!.GetValue<int>());
        Assert.Equal(
            ["groq-cheap:unknown", "groq-fast:new", "openai-cheap:new", "openai-kept:kept", "openai-same:unchanged", "openai-stale:changed"], Outcomes(diff));
        var stale = diff["deployments"]!.AsArray().Single(d => d.Text("deployment") == "openai-stale");
        Assert.Equal((1L, 2_500_000_000L), (stale!["before"]!["input"]!.GetValue<long>(), stale["after"]!["input"]!.GetValue<long>()));
        Assert.Equal(revision, await portal.RevisionAsync());
        Assert.Empty((await Api.ReadAsync(world.At("/api/prices/books"))).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Import_ChangesWhatDiffers_InOneRevision_Audited()
    {
        var world = await StartAsync();
        var revision = await portal.RevisionAsync();
        var (_, done) = await Api.PostAsync(world.At("/api/prices/import?file_name=/tmp/list.json"), First);

        Assert.Equal([2, 1, 1, 1, 1], new[] { "new", "changed", "unchanged", "kept", "unknown" }.Select(n => done![n]!.GetValue<int>()));
        Assert.Equal(revision + 1, await portal.RevisionAsync());
        await using var db = portal.Db();
        Assert.Equal(
            ["price.set", "price.set", "price.set", "price_book.import"],
            await db.AuditEntries.Where(a => a.OrganisationId == world.Organisation && a.Revision == revision + 1).Select(a => a.Action).Order().ToListAsync());
        var book = Assert.Single((await Api.ReadAsync(world.At("/api/prices/books"))).Body!["items"]!.AsArray());
        Assert.Equal(("list.json", 3), (book.Text("file_name"), book!["model_count"]!.GetValue<int>()));
        foreach (var deployment in (await Api.ReadAsync(world.At("/api/deployments"))).Body!["items"]!.AsArray().Where(d => d!["price"] is not null))
            Assert.Equal(deployment.Text("name") is "openai-kept" ? "manual" : "book", deployment!["price"].Text("source"));

        // The same again: nothing to do, no book, no revision.
        var (_, again) = await Api.PostAsync(world.At("/api/prices/import"), First);
        Assert.Equal((0, 0, 4), (again!["new"]!.GetValue<int>(), again["changed"]!.GetValue<int>(), again["unchanged"]!.GetValue<int>()));
        Assert.Equal(revision + 1, await portal.RevisionAsync());

        // Asked for, prices set by hand follow too.
        var (_, forced) = await Api.PostAsync(world.At("/api/prices/import?overwrite_manual=true"), First);
        Assert.Equal((1, 0), (forced!["changed"]!.GetValue<int>(), forced["kept"]!.GetValue<int>()));
    }

    [Fact]
    public async Task BadFile_IsRefusedWhole_AndTheLastGoodBookStays()
    {
        var world = await StartAsync();
        await Api.PostAsync(world.At("/api/prices/import"), First);
        var revision = await portal.RevisionAsync();
        var bad = First.Replace("1e-07, \"output_cost_per_token\": 1e-07", "-1, \"output_cost_per_token\": 1e-07", StringComparison.Ordinal).Replace("2.5e-06", "9e-06", StringComparison.Ordinal);
        var (status, problem) = await Api.PostAsync(world.At("/api/prices/import"), bad);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(["groq/fast.input_cost_per_token"], problem.Faults());
        Assert.Equal(revision, await portal.RevisionAsync());
        var (_, defaults) = await Api.ReadAsync(world.At($"/api/prices/defaults?provider_id={world.OpenAi}&upstream_model=gpt-4o"));
        Assert.Equal(2_500_000_000, defaults!["price"]!["input"]!.GetValue<long>());
        Assert.Equal(["file"], (await Api.PostAsync(world.At("/api/prices/import"), "not json")).Body.Faults());
    }

    [Fact]
    public async Task NewDeployment_TakesPriceLimitsAndAbilitiesFromTheBook()
    {
        var world = await StartAsync();
        var (_, builtIn) = await Api.PostAsync(world.At("/api/deployments"), $$"""{"name":"a","provider_id":"{{world.OpenAi}}","upstream_model":"gpt-4o-mini"}""");
        Assert.Equal((128_000, 16_384), (builtIn!["context_tokens"]!.GetValue<int>(), builtIn["max_output_tokens"]!.GetValue<int>()));
        Assert.Equal(["vision", "tools", "json_schema", "prompt_caching"], builtIn["abilities"]!.AsArray().Select(a => a!.GetValue<string>()));
        Assert.Equal(("book", 150_000_000L), await PriceAsync(world, "a"));

        // The organisation's own book goes before the one of the build.
        await Api.PostAsync(world.At("/api/prices/import"), First);
        var (_, own) = await Api.PostAsync(world.At("/api/deployments"), $$"""{"name":"b","provider_id":"{{world.OpenAi}}","upstream_model":"gpt-4o"}""");
        Assert.Equal(99, own!["context_tokens"]!.GetValue<int>());
        Assert.Equal(["vision"], own["abilities"]!.AsArray().Select(a => a!.GetValue<string>()));

        // What is given counts; a server of one's own has no list price.
        await Api.PostAsync(world.At("/api/deployments"),
            $$"""{"name":"c","provider_id":"{{world.OpenAi}}","upstream_model":"gpt-4o","context_tokens":7,"abilities":["tools"],"price":{"input":5,"output":6} }""");
        Assert.Equal(("manual", 5L), await PriceAsync(world, "c"));
        var local = (await Api.PostAsync(world.At("/api/providers"), """{"name":"Ours","base_url":"http://10.0.0.1/v1","is_private":true}""")).Body.Id();
        var (_, ours) = await Api.PostAsync(world.At("/api/deployments"), $$"""{"name":"d","provider_id":"{{local}}","upstream_model":"gpt-4o"}""");
        Assert.Null(ours!["abilities"]);
        Assert.Equal(HttpStatusCode.NotFound, (await Api.ReadAsync(world.At($"/api/prices/defaults?provider_id={local}&upstream_model=gpt-4o"))).Status);
        Assert.Equal(["abilities"], (await Api.PostAsync(world.At("/api/deployments"),
            $$"""{"name":"e","provider_id":"{{world.OpenAi}}","upstream_model":"m","abilities":["flying"]}""")).Body.Faults());
        var (_, updated) = await Api.PutAsync(world.At($"/api/deployments/{own.Id()}"), """{"name":"b","upstream_model":"gpt-4o","abilities":["audio","vision"]}""");
        Assert.Equal(["vision", "audio"], updated!["abilities"]!.AsArray().Select(a => a!.GetValue<string>()));
    }

    [Fact]
    public async Task Prices_WithUnknownOrImpossibleFields_AreRefused()
    {
        var world = await StartAsync();
        var deployment = (await Api.ReadAsync(world.At("/api/deployments"))).Body!["items"]![0].Id();
        async Task<IReadOnlyList<string>> FaultsAsync(string components) =>
            (await Api.PostAsync(world.At("/api/prices"), $$"""{"deployment_id":"{{deployment}}","components":{{components}} }""")).Body.Faults();

        Assert.Equal(["components.images[0].price", "components.steps[1].above", "components.tiers[0].name"], await FaultsAsync(
            """{"input":1,"output":1,"steps":[{"above":5,"input":1},{"above":5}],"tiers":[{"name":"default"}],"images":[{"price":-1}]}"""));
        Assert.NotEmpty(await FaultsAsync("""{"input":1,"output":1,"inputs":2}"""));
        Assert.NotEmpty(await FaultsAsync("""{"input":1,"output":1,"steps":[{"above":5,"colour":1}]}"""));
        Assert.NotEmpty(await FaultsAsync("""{"input":1,"output":1,"steps":[null]}"""));
        var (status, set) = await Api.PostAsync(world.At("/api/prices"), $$"""
            {"deployment_id":"{{deployment}}","components":{"input":1,"output":2,"cache_write_1h":3,"second":4,"character":5,"search":6,"images":[{"price":7},{"size":"s","price":8}],
              "steps":[{"above":9,"input":10,"output":11}],"tiers":[{"name":"flex","input":1,"output":1,"steps":[{"above":12,"input":13}]}]} }
            """);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(13, set!["components"]!["tiers"]![0]!["steps"]![0]!["input"]!.GetValue<long>());
        Assert.Equal(3, set["components"]!["cache_write_1h"]!.GetValue<long>());
    }

    [Fact]
    public async Task Import_ByWhoMayNotManageModels_IsRefused()
    {
        var organisation = await portal.AddOrganisationAsync(slug);
        var result = await portal.Get<ImportPrices>().RunAsync(
            PortalHost.Actor(Roles.FinOps, organisation), new MemoryStream("{}"u8.ToArray()), null, default, CancellationToken.None);
        Assert.IsType<AspireGateway.Portal.Configuration.Failure.Forbidden>(result.Failure);
    }

    [Fact]
    public async Task OldPriceRows_ReadOnAsTheyWere()
    {
        var world = await StartAsync();
        await using var db = portal.Db();
        var deployment = await db.Deployments.FirstAsync(d => d.OrganisationId == world.Organisation && d.Name == "groq-cheap");
        await portal.ExecuteAsync($$"""
            insert into price_versions (id, organisation_id, deployment_id, valid_from, components, created_by, created_at)
            values ('{{PortalHost.NewId()}}', '{{world.Organisation}}', '{{deployment.Id}}', now(), '{"input": 1, "cache_read": 2, "output": 3, "request": 4}', 'x', now())
            """);
        var version = await db.PriceVersions.SingleAsync(p => p.DeploymentId == deployment.Id);
        Assert.Equal(new PriceComponents { Input = 1, CacheRead = 2, Output = 3, Request = 4 }, version.Components);
        Assert.Equal(PriceSources.Manual, version.Source);
    }

    [Fact]
    public async Task Verb_ImportsAFile_AndSaysWhatItDid()
    {
        var world = await StartAsync();
        await portal.AddOrganisationAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, First);
        try
        {
            Assert.Equal((1, "", "import-prices: There are several organisations. Name one with --organization.\n"), await VerbAsync(file));
            var (dry, planned, _) = await VerbAsync(file, "--organization", slug, "--dry-run");
            Assert.Equal(0, dry);
            Assert.Contains("changed  openai-stale  $0.000000001 in · $0.000000001 out -> $2.50 in · $10.00 out", planned, StringComparison.Ordinal);
            Assert.Contains("would be: 2 new, 1 changed, 1 unchanged, 1 set by hand and kept, 1 not in the file (3 models)", planned, StringComparison.Ordinal);
            var (done, written, _) = await VerbAsync("--organization", slug, file);
            Assert.Equal(0, done);
            Assert.Contains("done: 2 new, 1 changed", written, StringComparison.Ordinal);
            await using var db = portal.Db();
            Assert.Equal("import-prices", (await db.PriceBooks.SingleAsync(b => b.OrganisationId == world.Organisation)).CreatedBy);

            await File.WriteAllTextAsync(file, """{"x": {"mode": "chat"}}""");
            Assert.Equal((1, "", "import-prices: x: litellm_provider names the provider and is missing. Nothing was imported.\n"), await VerbAsync(file, "--organization", slug));
            Assert.Equal(2, (await VerbAsync()).Code);
            Assert.Equal(1, (await VerbAsync("/no/such/file")).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<(int Code, string Output, string Errors)> VerbAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await ImportPricesVerb.RunAsync([.. args, $"--ConnectionStrings:gatewaydb={portal.ConnectionString}"], output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private async Task<(string Source, long Input)> PriceAsync(World world, string deployment)
    {
        var row = (await Api.ReadAsync(world.At("/api/deployments"))).Body!["items"]!.AsArray().Single(d => d.Text("name") == deployment);
        return (row!["price"].Text("source"), row["price"]!["components"]!["input"]!.GetValue<long>());
    }

    private static IEnumerable<string> Outcomes(JsonNode diff) => diff["deployments"]!.AsArray().Select(d => $"{d.Text("deployment")}:{d.Text("outcome")}");

    // openai-kept was priced by hand, openai-stale and openai-same by an earlier book, the others have no price.
    private async Task<World> StartAsync()
    {
        var organisation = await portal.AddOrganisationAsync(slug);
        string At(string path) => path + (path.Contains('?') ? "&" : "?") + $"organization={slug}";
        var openAi = (await Api.PostAsync(At("/api/providers"), """{"name":"OpenAI","base_url":"https://api.openai.com/v1"}""")).Body.Id();
        var groq = (await Api.PostAsync(At("/api/providers"), """{"name":"Groq","protocol":"groq","base_url":"https://api.groq.com/openai/v1"}""")).Body.Id();
        await using var db = portal.Db();
        var now = PortalHost.Now();
        void Add(string name, Guid provider, string model, PriceComponents? price, string source)
        {
            var id = PortalHost.NewId();
            db.Deployments.Add(new Deployment { Id = id, OrganisationId = organisation, Name = name, ProviderId = provider, UpstreamModel = model, CreatedAt = now });
            if (price is null) return;
            db.PriceVersions.Add(new PriceVersion
            {
                Id = PortalHost.NewId(), OrganisationId = organisation, DeploymentId = id, ValidFrom = now.AddMinutes(-2), Components = new() { Input = 77 }, Source = source, CreatedBy = "x", CreatedAt = now,
            });
            db.PriceVersions.Add(new PriceVersion
            {
                Id = PortalHost.NewId(), OrganisationId = organisation, DeploymentId = id, ValidFrom = now.AddMinutes(-1), Components = price, Source = source, CreatedBy = "x", CreatedAt = now,
            });
        }
        Add("openai-stale", openAi, "gpt-4o", new() { Input = 1, Output = 1 }, PriceSources.Book);
        Add("openai-same", openAi, "gpt-4o", new() { Input = 2_500_000_000, Output = 10_000_000_000 }, PriceSources.Book);
        Add("openai-kept", openAi, "gpt-4o", new() { Input = 1, Output = 1 }, PriceSources.Manual);
        Add("openai-cheap", openAi, "cheap", null, "");
        Add("groq-cheap", groq, "cheap", null, "");
        Add("groq-fast", groq, "fast", null, "");
        await db.SaveChangesAsync();
        return new(organisation, openAi, At);
    }

    private sealed record World(Guid Organisation, Guid OpenAi, Func<string, string> At);
}
