using System.Diagnostics;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Costs;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.Requests;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.Scale;

/// <summary>
/// What lists and costs of a large organisation take, printed: <c>tests/Bench/scale.sh</c> seeds a database and runs it. Each question is asked once on cold code, then five times; no test demands any time.
/// </summary>
public sealed class ScaleFigures
{
    private const int Times = 5;
    private const string Organisation = "large";

    [Fact(Explicit = true)]
    public async Task Print()
    {
        var connection = Environment.GetEnvironmentVariable("SCALE_DATABASE") ?? throw new InvalidOperationException("Run tests/Bench/scale.sh, which seeds a database and names it in SCALE_DATABASE.");
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { CommandTimeout = 3600 }.ConnectionString);
        await RollUpAsync(source);

        var (clock, reader) = (TimeProvider.System, new UsageReader(source));
        var organisation = await OneAsync<Guid>(source, $"select id from organisations where slug = '{Organisation}'");
        var actor = PortalHost.Actor(Roles.OrganisationAdmin, organisation);
        var (team, key) = (await OneAsync<Guid>(source, "select team_id from virtual_keys where name = 'key 7'"), await OneAsync<Guid>(source, "select id from virtual_keys where name = 'key 7'"));

        // 1. First pages of lists.
        var keys = new KeysQuery(source, clock);
        await LineAsync("keys", () => keys.RunAsync(actor, new(), default));
        await LineAsync("keys whose name begins with 'key 77'", () => keys.RunAsync(actor, new() { Search = "key 77" }, default));
        await LineAsync("keys of a team", () => keys.RunAsync(actor, new() { TeamId = team }, default));
        await LineAsync("keys that are revoked (none)", () => keys.RunAsync(actor, new() { State = "revoked" }, default));
        await LineAsync("teams", () => new TeamsQuery(source, clock).RunAsync(actor, new(), default));
        await LineAsync("changes (audit)", () => new AuditQuery(source).RunAsync(actor, new(), default));
        var requests = new RequestsQuery(source, clock);
        foreach (var (name, filter) in ((string, RequestsFilter)[])
        [
            ("requests of a day", new()), ("requests of 31 days", Month()), ("of a team", Month() with { TeamId = team }), ("of a key", Month() with { KeyId = key }), ("of a feature", Month() with { Feature = "feature-3" }),
            ("of a model", Month() with { Model = "model-3" }), ("that failed", Month() with { Status = UsageStatuses.Failed }), ("of a model that nobody asked for", Month() with { Model = "nothing-like-it" }),
        ])
            await LineAsync(name.StartsWith("requests", StringComparison.Ordinal) ? name : "requests of 31 days " + name, () => requests.RunAsync(actor, filter, default));
        await LineAsync("reliability of 24 hours", () => new ReliabilityQuery(source, clock).RunAsync(actor, 24, default));

        var figures = new FiguresQuery(reader, clock);
        foreach (var (range, _) in FigureRanges.All)
            foreach (var (by, _) in FigureGroups.All) await LineAsync($"figures of {range} by {by}", () => figures.RunAsync(actor, new() { By = by, Range = range }, default));

        // 2. Costs of 90 days.
        await LineAsync("overview", () => new OverviewQuery(reader, clock).RunAsync(actor, default));
        var costs = new CostsQuery(reader, clock);
        foreach (var (by, _, _) in CostGroups.All) await LineAsync($"costs of 90 days by {by}", () => costs.RunAsync(actor, new() { Period = "90d", By = by }, default));
        foreach (var (facet, value) in ((string, string)[])[("team", team.ToString()), ("feature", "feature-3"), ("model", "model-3"), ("provider", "provider-1")])
            foreach (var by in (string[])["day", "model", "team", "feature"])
            {
                if (by == facet) continue;
                var filter = new CostsFilter { Period = "90d", By = by, Values = [(Facet.Of(facet)!, value)] };
                await LineAsync($"costs of 90 days of one {facet} by {by}", () => costs.RunAsync(actor, filter, default));
            }
        await LineAsync("statement of a month, all teams", () => new StatementQuery(reader, clock).RunAsync(actor, null, null, default));

        RequestsFilter Month() => new() { From = clock.GetUtcNow().AddDays(-31).AddMinutes(1) };
    }

    private static async Task RollUpAsync(NpgsqlDataSource source)
    {
        var watch = Stopwatch.StartNew();
        var batch = new RollUpBatch(source, Microsoft.Extensions.Options.Options.Create(new RollUpOptions { BatchRecords = 100_000 }), TimeProvider.System);
        var (records, step) = (0L, RollUpStep.Busy);
        do
        {
            step = await batch.RunAsync(default);
            records += step.Records;
        }
        while (step.IsMore);
        if (records == 0) return;
        Write($"rolled up {records:#,##0} records in {watch.Elapsed.TotalSeconds:0} s");
        await using var analyze = source.CreateCommand("vacuum analyze");
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task LineAsync<T>(string name, Func<Task<Result<T>>> ask)
    {
        var times = new List<double>();
        for (var i = 0; i <= Times; i++)
        {
            var watch = Stopwatch.StartNew();
            var answer = await ask();
            Assert.True(answer.Failure is null, answer.Failure?.Message);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        Write($"{name}: {times.Skip(1).Order().ElementAt(Times / 2):0} ms (longest {times.Skip(1).Max():0}, first {times[0]:0})");
    }

    private static async Task<T> OneAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static void Write(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
