using AspireGateway.Portal.Requests;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.Requests;

/// <summary>The request log by each of its filters: finds what it should, and reads no partition from end to end, however rare the value is.</summary>
public sealed class RequestsPlanTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Requests_ByEveryFilter_AreFoundAlongAnIndex()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(2));
        await portal.ExecuteAsync($"""
            select ensure_day_partitions(array(select current_date - n from generate_series(-1, 12) n));
            insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, user_id, feature, agent, model, provider, deployment, route, fallback_chain, input_tokens, cache_read_tokens,
                cache_write_tokens, output_tokens, reasoning_tokens, latency_us, ttft_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
            select gen_random_uuid(), now() - n * interval '35 seconds', 'r' || n, '{world.Organisation}', ('00000000-0000-0000-0000-' || lpad((1 + n % 7)::text, 12, '0'))::uuid,
                ('00000000-0000-0000-0001-' || lpad((n % 500)::text, 12, '0'))::uuid, 'u' || n % 90, case when n % 9 > 0 then 'f' || n % 9 end, case when n = 20000 then 'rare' end, 'm' || n % 5, 'p' || n % 3, 'd' || n % 5,
                'chat_completions', array['a'], 10, 0, 0, 5, 0, n * 1000, 500, 10, case when n % 100 = 0 then 'failed' else 'ok' end, 200, n, false, true, case when n in (50, 23000) then array['secrets', 'personal_data'] else array[]::text[] end
            from generate_series(1, 24000) n
            """);
        await world.RollAsync(100_000);
        await portal.ExecuteAsync("vacuum analyze usage_records");
        // What the connections so far read is told when they end, at the latest: it must not be taken for the queries'. Those that are in use, to listen, have read nothing.
        var earlier = await portal.ScalarAsync<string>(
            "select coalesce(string_agg(pid::text, ','), '0') from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and query not ilike 'listen%' and pid <> pg_backend_pid()");
        NpgsqlConnection.ClearAllPools();
        portal.Get<NpgsqlDataSource>().Clear();
        for (var tries = 0; tries < 2_400 && await portal.ScalarAsync<long>($"select count(*) from pg_stat_activity where pid in ({earlier})") > 0; tries++) await Task.Delay(25);
        var before = await ReadAsync();
        var all = new RequestsFilter { From = PortalHost.Now().AddDays(-11), Limit = 50 };
        (RequestsFilter Filter, int Found, Func<RequestRow, bool> Fits)[] cases =
        [
            (all, 50, _ => true),
            (all with { TeamId = new("00000000-0000-0000-0000-000000000003") }, 50, r => r.TeamId == new Guid("00000000-0000-0000-0000-000000000003")),
            (all with { KeyId = new("00000000-0000-0000-0001-000000000007") }, 48, r => r.KeyId == new Guid("00000000-0000-0000-0001-000000000007")),
            (all with { Feature = "f3" }, 50, r => r.Feature == "f3"),
            (all with { Feature = "no-such" }, 0, _ => false),
            (all with { Agent = "rare" }, 1, r => r.Agent == "rare"),
            (all with { UserId = "u5" }, 50, r => r.UserId == "u5"),
            (all with { Model = "m2" }, 50, r => r.Model == "m2"),
            (all with { Model = "no-such" }, 0, _ => false),
            (all with { Deployment = "d1", Status = UsageStatuses.Failed }, 0, _ => false),
            (all with { Deployment = "d0", Status = UsageStatuses.Failed }, 50, r => r is { Deployment: "d0", Status: UsageStatuses.Failed }),
            (all with { MinCostNanoUsd = 23_990 }, 11, r => r.CostNanoUsd >= 23_990),
            (all with { MinLatencyMs = 23_998 }, 3, r => r.LatencyUs >= 23_998_000),
            (all with { Guardrail = "personal_data" }, 2, r => r.GuardrailsTriggered.Contains("personal_data")),
            (all with { Guardrail = "no-such" }, 0, _ => false),
            (all with { RequestId = "r77" }, 1, r => r.RequestId == "r77"),
        ];
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(portal.ConnectionString) { ApplicationName = "request-plans" }.ConnectionString))
        {
            var (query, actor) = (new RequestsQuery(source, TimeProvider.System), PortalHost.Actor(Roles.FinOps, world.Organisation));
            foreach (var (filter, found, fits) in cases)
            {
                var page = await query.RunAsync(actor, filter, default);
                Assert.True(page.Failure is null, page.Failure?.Message);
                Assert.Equal((filter, found), (filter, page.Value.Items.Count));
                Assert.All(page.Value.Items, r => Assert.True(fits(r)));
                if (page.Value.Next is not { } next) continue;
                var second = (await query.RunAsync(actor, filter with { After = next }, default)).Value.Items;
                Assert.All(second, r => Assert.True(fits(r) && r.At < page.Value.Items[^1].At));
            }
        }
        while (await portal.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'request-plans'") > 0) await Task.Yield();
        Assert.Equal(before, await ReadAsync());

        // Of whole days, which have some 2,470: of the oldest and of today there may be so few, by the time of day, that reading all is the shortest way.
        async Task<string> ReadAsync() => await portal.ScalarAsync<string>(
            "select coalesce(sum(s.seq_tup_read), 0)::text from pg_stat_user_tables s join pg_inherits i on i.inhrelid = s.relid where i.inhparent = 'usage_records'::regclass and s.n_live_tup > 1000");
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Pacific/Auckland")]
    [InlineData("America/New_York")]
    public async Task Requests_OfRareNames_AreFoundWhereverTheRollUpsAre(string zone)
    {
        var (random, now) = (new Random(8), PortalHost.Now());
        var world = await RollUpWorld.StartAsync(portal, random, zone);
        var added = new List<UsageRecord>();
        for (var step = 0; step < 8; step++)
        {
            // Two names of many, each on few days: at the ends of days, late ones and corrected ones among them.
            var records = Enumerable.Range(0, 40).Select(_ => world.Record(now.AddMinutes(-random.Next(9 * 24 * 60)))).ToArray();
            await world.AddAsync(records);
            await portal.ExecuteAsync($"""
                update usage_records set model = 'rare', deployment = case when request_id < '8' then 'seldom' else deployment end
                where organisation_id = '{world.Organisation}' and extract(day from at)::int % 4 = {step % 4} and request_id = any('{"{"}{string.Join(',', records.Select(r => r.RequestId))}{"}"}'::text[])
                """);
            added.AddRange(records);
            if (step % 3 == 1) await world.RollAsync();
            if (step > 3) await world.CorrectAsync(added[random.Next(added.Count)]);
            foreach (var filter in (RequestsFilter[])[new() { Model = "rare" }, new() { Model = "rare", Deployment = "seldom" }, new() { Deployment = "seldom", Status = UsageStatuses.Failed }, new() { Model = "rare", Provider = "no-such" }])
            {
                var asked = filter with { From = now.AddDays(-8.4), To = now.AddDays(-0.3), Limit = 200 };
                var found = await portal.Get<RequestsQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), asked, default);
                Assert.Equal(await CountAsync(world, asked), found.Value.Items.Count);
            }
        }
    }

    private Task<long> CountAsync(RollUpWorld world, RequestsFilter filter) => portal.ScalarAsync<long>($"""
        select least(count(*), 200) from usage_records where organisation_id = '{world.Organisation}' and at >= '{filter.From:O}' and at < '{filter.To:O}'
            {(filter.Model is null ? "" : $"and model = '{filter.Model}'")} {(filter.Deployment is null ? "" : $"and deployment = '{filter.Deployment}'")}
            {(filter.Status is null ? "" : $"and status = '{filter.Status}'")} {(filter.Provider is null ? "" : $"and provider = '{filter.Provider}'")}
        """);
}
