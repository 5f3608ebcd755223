using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.RollUps;

/// <summary>The dearest of many groups are found from each day's dearest: the same ones, in the same order and to the nano-USD, as by reading all of them.</summary>
public sealed class DearestTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const int Wanted = 100;
    private const int Days = 6;

    // Cost of record n of so many keys, each of which has one a day: a few dear ones, dear on other days, most of them for nothing, all the same.
    [Theory]
    [InlineData(797, "(40000000 / (1 + n % 797)) * (1 + n % 5)", true)]
    [InlineData(797, "case when (n % 797) % 6 = (n / 797) % 6 then 1000000 + n % 797 else n % 7 end", true)]
    [InlineData(797, "case when n % 797 < 60 then 9000 - (n % 797) else 0 end", true)]
    [InlineData(4999, "1000", false)]
    [InlineData(4999, "0", false)]
    public async Task Dearest_OfManyKeys_AreThoseOfAllRecords(int keys, string cost, bool isProven)
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(3));
        await AddAsync(world, keys, cost, 0, (keys * Days) - 1);
        await world.RollAsync(100_000);
        await AssertDearestAsync(world, isProven);

        // What no roll-up holds yet: a key nobody knew, one that overtakes, and one that becomes far cheaper than it was.
        await AddAsync(world, keys, "800000000 - n", 60_001, 60_003);
        await portal.ExecuteAsync($"update usage_records set cost_nano_usd = 1 where organisation_id = '{world.Organisation}' and key_id = '00000000-0000-0000-0001-000000000001'");
        await AssertDearestAsync(world, isProven);
        await world.RollAsync(100_000);
        await AssertDearestAsync(world, isProven);
    }

    // Teams of one model, of which each has one request a day.
    [Theory]
    [InlineData(797, "(40000000 / (1 + n % 797)) * (1 + n % 5)", true)]
    [InlineData(797, "case when (n % 797) % 6 = (n / 797) % 6 then 1000000 + n % 797 else n % 7 end", true)]
    [InlineData(4999, "1000", false)]
    public async Task Dearest_OfTheTeamsOfAModel_AreThoseOfAllRecords(int teams, string cost, bool isProven)
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(4));
        var (team, model) = ("('00000000-0000-0000-0002-' || lpad((n % 100000)::text, 12, '0'))::uuid", "case when n % 3 = 0 then 'm' else 'other' end");
        await AddAsync(world, teams, cost, 0, (teams * Days) - 1, team.Replace("n % 100000", $"n % {teams}", StringComparison.Ordinal), "'m'");
        await AddAsync(world, teams, "70000000 - n", 0, 2000, team.Replace("n % 100000", "n % 50", StringComparison.Ordinal), "'other'");
        await world.RollAsync(100_000);
        var of = new UsageQuestion { Scope = Scope.Of(PortalHost.Actor(Roles.FinOps, world.Organisation), Permission.SeeCosts).Value, From = default, To = default, Group = Facet.Team, Filters = [(Facet.Of("model")!, "m")] };
        await AssertDearestAsync(world, isProven, of, "team_id::text", "u.model = 'm'");

        await AddAsync(world, teams, "800000000 - n", 60_001, 60_009, team, model);
        await portal.ExecuteAsync($"update usage_records set model = 'other' where organisation_id = '{world.Organisation}' and model = 'm' and team_id = '00000000-0000-0000-0002-000000000001'");
        await AssertDearestAsync(world, isProven, of, "team_id::text", "u.model = 'm'");
        await world.RollAsync(100_000);
        await AssertDearestAsync(world, isProven, of, "team_id::text", "u.model = 'm'");
    }

    // A day's records lie in its first 17 minutes; none of them may be of the future.
    private Task AddAsync(RollUpWorld world, int keys, string cost, int first, int last, string? team = null, string model = "null") => portal.ExecuteAsync($"""
        select ensure_day_partitions(array(select current_date - n from generate_series(-1, 8) n));
        insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, model, route, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
            latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
        select gen_random_uuid(), date_trunc('day', now() - interval '20 minutes') - (n / {keys} % {Days}) * interval '1 day' + n % 1000 * interval '1 second', 'r' || n, '{world.Organisation}', {team ?? $"'{world.Teams[0]}'"},
            ('00000000-0000-0000-0001-' || lpad((case when n > 60000 then n else n % {keys} end)::text, 12, '0'))::uuid, {model}, 'chat_completions', array['a'], 1, 0, 0, 1, 0,
            1000, 10, 'ok', 200, {cost}, false, true, array[]::text[]
        from generate_series({first}, {last}) n
        """);

    private async Task AssertDearestAsync(RollUpWorld world, bool isProven, UsageQuestion? of = null, string group = "key_id::text", string more = "true")
    {
        of ??= new UsageQuestion { Scope = Scope.Of(PortalHost.Actor(Roles.FinOps, world.Organisation), Permission.SeeCosts).Value, From = default, To = default, Group = Facet.Key };
        var midnight = new DateTimeOffset(PortalHost.Now().UtcDateTime.Date, TimeSpan.Zero);
        // Whole days, and a time that begins and ends within days.
        foreach (var (from, to) in new[] { (midnight.AddDays(-Days), midnight.AddDays(1)), (midnight.AddDays(-4).AddMinutes(3), midnight.AddDays(-1).AddMinutes(7)) })
        {
            await using var look = await new UsageReader(portal.Get<NpgsqlDataSource>()).OpenAsync(world.Organisation, default);
            var question = of with { From = from, To = to };
            var found = await look.GroupsAsync(question, Wanted, default);

            var all = (await world.ByRecordsAsync(group, from, to, more)).OrderByDescending(r => r.Value.Cost).ThenByDescending(r => r.Value.Requests).ThenBy(r => r.Key, StringComparer.Ordinal).Take(Wanted);
            Assert.Equal(all.Select(r => (r.Key, r.Value.Cost, r.Value.Requests)), found.Select(f => (f.Group, f.Sums.CostNanoUsd, f.Sums.Requests)));
            // What is read at the ends of a time may be a proof of its own.
            if (to > midnight) Assert.Equal(isProven, await look.DearestAsync(question, Wanted, default) is not null);
        }
    }
}
