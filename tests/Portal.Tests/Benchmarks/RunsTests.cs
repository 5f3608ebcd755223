using System.Net;
using System.Text.Json;
using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Benchmarks;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Portal.Tests.Benchmarks;

/// <summary>Runs from their plan to their end, against a gateway that the test makes answer.</summary>
public sealed class RunsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly FakeGateway gateway = new();
    private PortalApi api = null!;
    private Actor actor = null!;
    private Guid team;

    [Fact]
    public async Task Run_PlannedStartedAndDone_ComparesItsModels_AndItsKeyIsRevoked()
    {
        await StartAsync();
        // "smart" knows all, "fast" every other one.
        gateway.Answer = (model, question) => model == "smart" || int.Parse(question, null) % 2 == 0 ? question : "no idea";
        gateway.Cost = (model, _) => model == "smart" ? 700 : 70;
        var plan = await PlanAsync(new() { Models = ["fast-alias", "smart"], KeepReplies = true });
        Assert.Equal(("draft", 24, 2_400, 24_000, 0), (plan.Status, plan.Total, plan.ExpectedNanoUsd, plan.WorstNanoUsd, plan.SpentNanoUsd));
        Assert.Equal(["fast", "smart"], plan.Models);
        Assert.Empty(gateway.Chats);
        await using (var db = portal.Db())
        {
            var key = await db.VirtualKeys.SingleAsync(k => k.Id == plan.KeyId);
            Assert.Equal((PlanBenchmarkRun.Feature, "low", team, true), (key.Feature, key.Priority, key.TeamId, key.RevokedAt is null && key.ExpiresAt < portal.Get<TimeProvider>().GetUtcNow().AddHours(25)));
            Assert.Equal(["fast", "smart"], key.AllowedModels);
        }

        Assert.Equal(["ceiling_usd"], await api.FaultsAsync($"/api/benchmarks/runs/{plan.Id}/start", "{}"));
        Assert.Equal("queued", (await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/start", """{"ceiling_usd":"0.001"}""")).Body.Text("status"));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/start", """{"ceiling_usd":1}""")).Status);
        await WorkAsync(plan.Id);

        Assert.Equal(("math", "no-store"), (gateway.Headers["x-gateway-task"], gateway.Headers["x-gateway-cache"]));
        var (_, result) = await api.GetAsync($"/api/benchmarks/runs/{plan.Id}");
        Assert.Equal(("done", 24, 12 * 770), (result!["run"].Text("status"), result["run"]!["done"]!.GetValue<int>(), result["run"]!["spent_nano_usd"]!.GetValue<int>()));
        var (fast, smart) = (result["scores"]![0]!, result["scores"]![1]!);
        Assert.Equal(("fast", 12, 0, 0.5, 840, 12_500), (fast.Text("model"), fast["count"]!.GetValue<int>(), fast["errors"]!.GetValue<int>(), fast["mean"]!.GetValue<double>(), fast["cost_nano_usd"]!.GetValue<int>(), fast["p95_us"]!.GetValue<int>()));
        Assert.Equal((1.0, 0.7575), (smart["mean"]!.GetValue<double>(), Math.Round(smart["lower"]!.GetValue<double>(), 4)));
        Assert.Equal((12, -0.5), (result["differences"]![0]!["count"]!.GetValue<int>(), result["differences"]![0]!["mean"]!.GetValue<double>()));
        // By what served: a version of the table, with a cell for each provider's model, and none the second time.
        var (_, published) = await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/publish");
        Assert.Equal(("benchmark", 2), (published!["version"].Text("source"), published["changes"]!.AsArray().Count));
        Assert.Null((await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/publish")).Body!["version"]);
        var cells = (await api.GetAsync("/api/quality")).Body!["cells"]!.AsArray();
        Assert.Equal(
            ["math p-fast/m 0.5 of 12", "math p-smart/m 1 of 12"],
            cells.Select(c => FormattableString.Invariant($"{c.Text("task")} {c.Text("provider")}/{c.Text("model")} {c!["mean"]!.GetValue<double>()} of {c["samples"]!.GetValue<int>()}")));
        Assert.Equal([plan.Id], (await api.ItemsAsync("/api/benchmarks/runs")).Select(r => r.Id()));
        var first = (await api.ItemsAsync($"/api/benchmarks/runs/{plan.Id}/results?limit=2"))[1];
        Assert.Equal(("smart", 1, "p-smart/m", "1"), (first.Text("model"), first["line"]!.GetValue<int>(), first.Text("served"), first.Text("reply")));
        var next = (await api.GetAsync($"/api/benchmarks/runs/{plan.Id}/results?limit=2")).Body.Text("next");
        Assert.Equal(2, (await api.ItemsAsync($"/api/benchmarks/runs/{plan.Id}/results?limit=2&after={next}"))[0]["line"]!.GetValue<int>());

        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/benchmarks/runs/{plan.Id}")).Status);
        await Keeper.CleanAsync(default);
        await using (var db = portal.Db()) Assert.NotNull((await db.VirtualKeys.SingleAsync(k => k.Id == plan.KeyId)).RevokedAt);
        Assert.Equal(["benchmark_run.end", "benchmark_run.start", "benchmark_run.plan"], (await api.ItemsAsync($"/api/audit?target_id={plan.Id}")).Select(a => a.Text("action")));
        await portal.ExecuteAsync($"update benchmark_results set reply_until = now() - interval '1 s' where run_id = '{plan.Id}'");
        await Keeper.CleanAsync(default);
        Assert.Equal(0L, await portal.ScalarAsync<long>($"select count(reply) from benchmark_results where run_id = '{plan.Id}'"));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/benchmarks/runs/{plan.Id}")).Status);
    }

    [Fact]
    public async Task Ceiling_IsNeverPassed_AndStopsTheRun()
    {
        await StartAsync();
        // Anything up to what the preview said it could cost.
        gateway.Cost = (_, question) => 137 * int.Parse(question, null) % 1_000;
        var plan = await PlanAsync(new() { Models = ["fast", "smart"], Concurrency = 16 });
        await StartRunAsync(plan.Id, ceiling: 5_000);
        await WorkAsync(plan.Id);
        var run = await RunAsync(plan.Id);
        Assert.Equal(("stopped", "Its ceiling is reached: the next request could pass it."), (run.Status, run.Reason));
        Assert.Equal(gateway.Spent, run.SpentNanoUsd);
        // It stopped because one more could have passed it, not long before.
        Assert.InRange(gateway.Spent, 4_001, 5_000);
    }

    [Fact]
    public void Purse_NeverHoldsMoreThanTheCeiling_WhateverComes() => Prop.ForAll<NonNegativeInt, NonEmptyArray<(byte Most, byte Share)>>((ceiling, requests) =>
    {
        var purse = new RunPurse(ceiling.Get, 0);
        var held = new Queue<(long Most, long Cost)>();
        long open = 0, spent = 0;
        foreach (var (most, share) in requests.Get)
        {
            var hold = purse.HoldAsync(most, CancellationToken.None).AsTask();
            // It waits for those under way; when none is left it has its answer.
            while (!hold.IsCompleted && held.TryDequeue(out var one))
            {
                purse.Settle(one.Most, one.Cost);
                (open, spent) = (open - one.Most, spent + one.Cost);
            }
            if (!hold.GetAwaiter().GetResult()) continue;
            held.Enqueue((most, most * share / 255));
            open += most;
            if (open + spent > ceiling.Get) return false;
        }
        return purse.Spent == spent;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Run_IsTakenByOnePortalOnly_AndTakenUpWithoutAskingTwice()
    {
        await StartAsync();
        var plan = await PlanAsync(new() { Models = ["fast"], Concurrency = 1 });
        await StartRunAsync(plan.Id);
        var claims = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Leases.ClaimAsync(default)))).OfType<LeasedRun>().Where(r => r.Id == plan.Id).ToList();
        var first = Assert.Single(claims);

        // The first portal asks five, and dies while its sixth is under way.
        var dead = new TaskCompletionSource();
        gateway.Before = (_, question) => question == "6" ? dead.Task : Task.CompletedTask;
        var working = Runner().RunAsync(first, default);
        await Until(async () => (await RunAsync(plan.Id)).Done == 5);
        await portal.ExecuteAsync($"update benchmark_runs set lease_until = now() - interval '1 s' where id = '{plan.Id}'");
        var second = await Leases.ClaimAsync(default);
        Assert.Equal(plan.Id, second!.Id);
        gateway.Before = (_, _) => Task.CompletedTask;
        await Runner().RunAsync(second, default);

        // What the first one got meanwhile is not its to write any more.
        dead.SetResult();
        await working;
        var run = await RunAsync(plan.Id);
        Assert.Equal(("done", 12), (run.Status, run.Done));
        Assert.Equal(1 + 12, gateway.Chats.Count);
        Assert.Equal([.. Enumerable.Range(1, 12).Select(i => $"{i}")], gateway.Chats.Select(c => c.Question).Distinct().OrderBy(q => int.Parse(q, null)));
        Assert.Equal(12L, await portal.ScalarAsync<long>($"select count(*) from benchmark_results where run_id = '{plan.Id}'"));
    }

    [Fact]
    public async Task TakenUp_Run_CountsWhatUsageRecordsSay()
    {
        await StartAsync();
        var plan = await PlanAsync(new() { Models = ["fast"] });
        await StartRunAsync(plan.Id, ceiling: 3_000);
        await portal.ExecuteAsync($"""
            insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
                latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
            values ('{Guid.CreateVersion7()}', now(), 'r', '{api.Organisation}', '{team}', '{plan.KeyId}', 'chat', array[]::text[], 0, 0, 0, 0, 0, 0, 0, 'ok', 200, 2500, false, false, array[]::text[])
            """);
        await WorkAsync(plan.Id);
        // 2,500 are spent, so that not one request of up to 1,000 fits.
        Assert.Equal(("stopped", 2_500), ((await RunAsync(plan.Id)).Status, (await RunAsync(plan.Id)).SpentNanoUsd));
        Assert.Empty(gateway.Chats);
    }

    [Fact]
    public async Task Portal_ThatEnds_GivesItsRunBack_AndTheNextGoesOn()
    {
        await StartAsync();
        var plan = await PlanAsync(new() { Models = ["fast"], Concurrency = 2 });
        await StartRunAsync(plan.Id);
        using var stopping = new CancellationTokenSource();
        gateway.Before = (_, question) => question is "4" ? stopping.CancelAsync() : Task.CompletedTask;
        await Runner().RunAsync((await Leases.ClaimAsync(default))!, stopping.Token);
        Assert.Equal("queued", (await RunAsync(plan.Id)).Status);
        gateway.Before = (_, _) => Task.CompletedTask;
        await WorkAsync(plan.Id);
        Assert.Equal(("done", 12), ((await RunAsync(plan.Id)).Status, (await RunAsync(plan.Id)).Done));
    }

    [Fact]
    public async Task Cancelled_Run_WritesNothingMore()
    {
        await StartAsync();
        var plan = await PlanAsync(new() { Models = ["fast"], Concurrency = 1 });
        await StartRunAsync(plan.Id);
        var cancelled = new TaskCompletionSource();
        gateway.Before = (_, question) => question is "3" ? cancelled.Task : Task.CompletedTask;
        var working = Runner().RunAsync((await Leases.ClaimAsync(default))!, default);
        await Until(async () => (await RunAsync(plan.Id)).Done == 2);
        Assert.Equal("cancelled", (await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/cancel")).Body.Text("status"));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/cancel")).Status);
        cancelled.SetResult();
        await working;
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"/api/benchmarks/runs/{plan.Id}/publish")).Status);
        Assert.Equal(("cancelled", 2), ((await RunAsync(plan.Id)).Status, (await RunAsync(plan.Id)).Done));
    }

    [Fact]
    public async Task Rubric_AsksTheJudge_AndTakesStrictVerdictsOnly()
    {
        await StartAsync();
        gateway.Answer = (model, question) => model != "judge" ? $"answer to {question}"
            : JsonDocument.Parse(question).RootElement.GetProperty("answer").GetString() == "answer to 2" ? "Well, 0.9." : """{"score":0.25}""";
        var plan = await PlanAsync(new() { Models = ["fast"], Metric = "rubric", Judge = "judge", Samples = 3 });
        Assert.Equal((100 * 3, "judge"), (plan.Estimate.Judge!.ExpectedNanoUsd, plan.Judge));
        Assert.Equal(600, plan.ExpectedNanoUsd);
        await StartRunAsync(plan.Id);
        await WorkAsync(plan.Id);
        var fast = (await api.GetAsync($"/api/benchmarks/runs/{plan.Id}")).Body!["scores"]![0]!;
        Assert.Equal((2, 1, 0.25, "judge_unreadable"), (fast["count"]!.GetValue<int>(), fast["errors"]!.GetValue<int>(), fast["mean"]!.GetValue<double>(), fast.Text("commonest_error")));
        Assert.Equal((300, 300), (fast["cost_nano_usd"]!.GetValue<int>(), fast["judge_nano_usd"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Failures_OfProviders_AreTheSamples_AndThoseOfTheKeyEndTheRun()
    {
        await StartAsync();
        gateway.Refuse = (_, question) => question is "2" ? (502, "upstream_error") : question is "5" ? (402, "budget_exceeded") : null;
        var plan = await PlanAsync(new() { Models = ["fast"], Concurrency = 1 });
        await StartRunAsync(plan.Id);
        await WorkAsync(plan.Id);
        var run = await RunAsync(plan.Id);
        Assert.Equal(("stopped", "Refused: budget_exceeded.", 4), (run.Status, run.Reason, run.Done));
        Assert.Equal((3, 1), (Result(await api.GetAsync($"/api/benchmarks/runs/{plan.Id}"), "count"), Result(await api.GetAsync($"/api/benchmarks/runs/{plan.Id}"), "errors")));
    }

    [Theory]
    [InlineData(429, "rate_limit_exceeded", 0, true, false)]
    [InlineData(429, "rate_limit_exceeded", 5, false, false)]
    [InlineData(401, "invalid_api_key", 0, true, true)]
    [InlineData(503, "store_unavailable", 0, true, true)]
    [InlineData(503, "no_healthy_deployment", 0, false, false)]
    [InlineData(502, "upstream_error", 0, false, false)]
    [InlineData(402, "budget_exceeded", 0, false, true)]
    [InlineData(403, "scope_stopped", 0, false, true)]
    [InlineData(400, "content_filter", 0, false, false)]
    [InlineData(200, null, 0, false, false)]
    public void Answers_AreAskedForAgain_OrEndTheRun(int status, string? code, int again, bool tried, bool ends)
    {
        var answer = new GatewayAnswer { Status = status, Code = code };
        Assert.Equal((tried, ends), (BenchmarkTries.PauseBefore(answer, again) is not null, BenchmarkTries.EndsTheRun(answer)));
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\U0001F600", 3, "ab")]
    [InlineData("ab\U0001F600", 4, "ab\U0001F600")]
    [InlineData("a\0b", 3, "a\uFFFDb")]
    public void Text_OfOthers_IsCutAsPostgresTakesIt(string text, int max, string cut) => Assert.Equal(cut, BenchmarkText.Cut(text, max));

    [Fact]
    public void Answer_ThatWasLostOnTheWay_IsNotAskedForAgain() =>
        Assert.Equal((null, false), (BenchmarkTries.PauseBefore(new() { Code = "timeout" }, 0), BenchmarkTries.EndsTheRun(new() { Code = "timeout" })));

    [Theory]
    [InlineData("""{"model":"smart","route_reason":"rule:night","expected_cost_usd":"0","worst_case_cost_usd":"0","candidates":[]}""", 200, "models", "fast, line 1: Rule night would send it to smart")]
    [InlineData("""{"model":"fast","expected_cost_usd":"0","worst_case_cost_usd":"0","candidates":[{"kept":false,"price_usd_per_million_tokens":{}},{"kept":true,"price_usd_per_million_tokens":null}]}""", 200, "models", "fast, line 1: It has no price")]
    [InlineData("""{"model":"fast","expected_cost_usd":"1","worst_case_cost_usd":"2","candidates":[{"kept":true,"price_usd_per_million_tokens":{}}],"approval":{"required":true}}""", 200, "models", "fast, line 1: It may cost more than what the team lets through without approval.")]
    [InlineData("""{"error":{"code":"model_not_found","message":"There is none."}}""", 404, "models", "fast, line 1: There is none.")]
    public async Task Plan_ThatCouldNotRun_SaysWhy_AndLeavesNoKey(string preview, int status, string field, string message)
    {
        await StartAsync();
        gateway.Preview = _ => (status, preview);
        var failed = await Plan().RunAsync(actor, new() { SetId = await SetAsync(), TeamId = team, Models = ["fast"], Samples = 1 }, default);
        var fault = Assert.Single(Assert.IsType<Failure.Invalid>(failed.Failure).Faults);
        Assert.Equal(field, fault.Field);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        await using var db = portal.Db();
        Assert.True(await db.VirtualKeys.Where(k => k.TeamId == team).AllAsync(k => k.RevokedAt != null));
        Assert.Empty(await api.ItemsAsync("/api/benchmarks/runs"));
    }

    [Fact]
    public async Task Plan_OfWrongFields_NamesThem_AndIsForThoseWhoManageModels()
    {
        await StartAsync();
        Assert.Equal(["models", "set_id", "team_id"], await api.FaultsAsync("/api/benchmarks/runs", "{}"));
        Assert.Equal(["concurrency", "max_tokens", "models", "samples"], await api.FaultsAsync(
            "/api/benchmarks/runs", $$"""{"set_id":"{{await SetAsync()}}","team_id":"{{team}}","models":["auto"],"samples":0,"max_tokens":0,"concurrency":17}"""));
        Assert.Equal(["judge", "models"], await api.FaultsAsync("/api/benchmarks/runs", $$"""{"set_id":"{{await SetAsync()}}","team_id":"{{team}}","models":["fast","fast-alias"],"judge":"smart"}"""));
        Assert.Equal(["judge"], await api.FaultsAsync("/api/benchmarks/runs", $$"""{"set_id":"{{await SetAsync()}}","team_id":"{{team}}","models":["fast"],"metric":"rubric"}"""));
        Assert.Equal(["metric"], await api.FaultsAsync("/api/benchmarks/runs", $$"""{"set_id":"{{await SetAsync()}}","team_id":"{{team}}","models":["fast"],"metric":"json_schema"}"""));
        // The real one: this portal has no gateway.
        var (status, problem) = await api.PostAsync("/api/benchmarks/runs", $$"""{"set_id":"{{await SetAsync()}}","team_id":"{{team}}","models":["fast"]}""");
        Assert.Equal((HttpStatusCode.Conflict, true), (status, problem.Text("detail").StartsWith("This portal does not know where its gateway is.", StringComparison.Ordinal)));
        foreach (var role in Roles.All.Except([Roles.Operator, Roles.OrganisationAdmin, Roles.Platform]))
            Assert.IsType<Failure.Forbidden>((await Plan().RunAsync(PortalHost.Actor(role, api.Organisation, null, team), new(), default)).Failure);
    }

    [Fact]
    public async Task Draft_ThatNobodyStarts_EndsAfterAnHour_AndASetWithAnOpenRunStays()
    {
        await StartAsync();
        var plan = await PlanAsync(new() { Models = ["fast"] });
        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/benchmarks/sets/{plan.SetId}")).Status);
        await Keeper.CleanAsync(default);
        Assert.Equal("draft", (await RunAsync(plan.Id)).Status);
        await portal.ExecuteAsync($"update benchmark_runs set created_at = now() - interval '61 minutes' where id = '{plan.Id}'");
        await Keeper.CleanAsync(default);
        Assert.Equal(("cancelled", "It was not started within an hour of being planned."), ((await RunAsync(plan.Id)).Status, (await RunAsync(plan.Id)).Reason));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/benchmarks/sets/{plan.SetId}")).Status);
    }

    private BenchmarkLease Leases => portal.Get<BenchmarkLease>();

    private BenchmarkKeeper Keeper => portal.Get<BenchmarkKeeper>();

    private BenchmarkGateway Gateway => new(
        new HttpClient(gateway), new ConfigurationBuilder().AddInMemoryCollection([new("services:gateway:http:0", "http://gateway.test")]).Build(), TimeProvider.System);

    private IDbContextFactory<GatewayDbContext> Contexts => portal.Get<IDbContextFactory<GatewayDbContext>>();

    private PlanBenchmarkRun Plan() => new(
        Contexts, portal.Get<IssueKey>(), portal.Get<RevokeKeys>(), new EstimateBenchmark(Gateway, TimeProvider.System), portal.Get<AddBenchmarkRun>(), portal.Get<SecretBox>(), TimeProvider.System);

    private BenchmarkRunner Runner() =>
        new(Leases, Gateway, portal.Get<CancelBenchmarkRun>(), Contexts, portal.Get<SecretBox>(), TimeProvider.System, NullLogger<BenchmarkRunner>.Instance);

    private async Task StartAsync()
    {
        api = await PortalApi.StartAsync(portal);
        foreach (var model in (string[])["fast", "smart", "judge"]) await api.ModelAsync(model);
        team = await api.TeamAsync("Blue");
        actor = PortalHost.Actor(Roles.Platform, api.Organisation);
    }

    // Twelve samples that ask for the number of their line.
    private async Task<Guid> SetAsync() => (await portal.Get<CreateBenchmarkSet>().RunAsync(actor, new()
    {
        Name = $"s{Guid.NewGuid():N}", Task = "math", Samples = string.Join('\n', Enumerable.Range(1, 12).Select(i => $$"""{"prompt":"{{i}}","expected":"{{i}}","rubric":"Says {{i}}."}""")),
    }, default)).Value.Id;

    private async Task<BenchmarkRunDetails> PlanAsync(PlanBenchmarkRequest request)
    {
        var planned = await Plan().RunAsync(actor, request with { SetId = await SetAsync(), TeamId = team }, default);
        Assert.True(planned.Succeeded, planned.Failure?.Message);
        return planned.Value;
    }

    private async Task StartRunAsync(Guid id, long ceiling = 1_000_000) =>
        Assert.True((await portal.Get<StartBenchmarkRun>().RunAsync(actor, id, new() { CeilingNanoUsd = ceiling }, default)).Succeeded);

    private async Task WorkAsync(Guid id)
    {
        var run = await Leases.ClaimAsync(default);
        Assert.Equal(id, run?.Id);
        await Runner().RunAsync(run!, default);
    }

    private async Task<BenchmarkRunDetails> RunAsync(Guid id) => (await portal.Get<BenchmarkRunsQuery>().OneAsync(actor, id, default)).Value.Run;

    private static int Result((HttpStatusCode Status, System.Text.Json.Nodes.JsonNode? Body) answer, string field) => answer.Body!["scores"]![0]![field]!.GetValue<int>();

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 3_000 && !await holds(); i++) await Task.Delay(10);
        Assert.True(await holds());
    }
}
