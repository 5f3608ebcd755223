using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Benchmarks;
using Npgsql;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A portal is killed in the middle of a benchmark run. Another one takes the lease and finishes; at most what was on its way is asked and paid for twice.</summary>
public sealed class BenchmarkTakeoverTests(StoresFixture stores, ITestOutputHelper output)
{
    private const int Samples = 40, Concurrency = 3;
    private const string AdminToken = "benchmark-takeover-admin-token";

    [Fact]
    public async Task Portal_KilledInTheMiddleOfARun_AnotherFinishes_AndOnlyTheRunningAreAskedTwice()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var redis = stores.Redis.ConnectionString;
        await using var gateway = await world.StartGatewayAsync(settings: [$"ConnectionStrings__cache={redis}", SpendingWorld.Patient]);
        await using var first = await PortalProcess.StartAsync(world.Database, world.MasterKey, gateway.Address, redis, $"Portal__AdminToken={AdminToken}");
        using var api = new HttpClient { BaseAddress = first.Address };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        // So slow that a busy machine meets it in the middle.
        world.Simulator.ScriptFor("sim-small", [.. Enumerable.Repeat("latency-ms=600; text=4", Samples + Concurrency)]);
        var set = await PostAsync(api, "sets", new { name = "legs", task = "question_answering", samples = string.Join('\n', Enumerable.Range(1, Samples).Select(i => $$"""{"prompt":"Animal {{i}}","expected":"4"}""")) });
        var run = await PostAsync(api, "runs", new { set_id = set.GetProperty("id").GetGuid(), models = (string[])["small"], team_id = world.Team, max_tokens = 16, concurrency = Concurrency });
        var id = run.GetProperty("id").GetGuid();
        await PostAsync(api, $"runs/{id}/start", new { ceiling_usd = 1 });

        await Eventually.HoldsAsync(async () => await CountAsync(world, "select count(*) from benchmark_results") >= 5, TimeSpan.FromSeconds(60), "it is in the middle");
        await first.KillAsync();
        var done = await CountAsync(world, "select count(*) from benchmark_results");
        Assert.InRange(done, 5, Samples - Concurrency - 1);
        await using var second = await PortalProcess.StartAsync(world.Database, world.MasterKey, gateway.Address, redis);
        // The lease of the dead runs out first.
        var took = await Eventually.HoldsAsync(
            async () => await CountAsync(world, $"select count(*) from benchmark_runs where status = '{BenchmarkStatuses.Done}'") == 1, TimeSpan.FromSeconds(120), "the other portal has finished it");
        output.WriteLine($"{done} of {Samples} were done; the other portal had the rest {took.TotalSeconds:0} s after it was ready");

        Assert.Equal(Samples, await CountAsync(world, "select count(*) from benchmark_results where score = 1"));
        Assert.Equal(Samples, await CountAsync(world, "select count(distinct (model, line)) from benchmark_results"));
        var asked = world.Simulator.Requests.Count(r => r.Model == "sim-small");
        output.WriteLine($"{asked} requests were sent");
        Assert.InRange(asked, Samples, Samples + Concurrency);
        // Every one of them has its one record, and what the run spent is their sum.
        await Eventually.HoldsAsync(
            async () => await CountAsync(world, "select count(*) from usage_records u join benchmark_runs r on r.key_id = u.key_id") == asked
                && await CountAsync(world, "select r.spent_nano_usd - (select sum(cost_nano_usd)::bigint from usage_records u where u.key_id = r.key_id) from benchmark_runs r") == 0,
            TimeSpan.FromSeconds(60), "the books and the run agree");
        await Eventually.HoldsAsync(
            async () => await CountAsync(world, "select count(*) from virtual_keys k join benchmark_runs r on r.key_id = k.id where k.revoked_at is not null and r.key_envelope is null") == 1,
            TimeSpan.FromSeconds(60), "its key is revoked");
    }

    private static async Task<JsonElement> PostAsync(HttpClient api, string path, object body)
    {
        using var response = await api.PostAsJsonAsync($"/api/benchmarks/{path}?organization=acme", body);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement;
    }

    private static async Task<long> CountAsync(GatewayWorld world, string sql)
    {
        await using var source = NpgsqlDataSource.Create(world.Database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
