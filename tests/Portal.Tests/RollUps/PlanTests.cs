using AspireGateway.Portal.Costs;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.RollUps;

/// <summary>No page of costs and no figure of reliability reads through all usage: what Postgres counts as read by sequential scans of records stays what it was.</summary>
public sealed class PlanTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Costs_OfNinetyDays_ScanNoRecordsInSequence()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(1));
        // As many records each day, today's among them whatever the hour: a young day with few is read whole by every good plan.
        await portal.ExecuteAsync($"""
            select ensure_day_partitions(array(select current_date - n from generate_series(-1, 12) n));
            insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, user_id, feature, model, provider, deployment, route, fallback_chain, input_tokens, cache_read_tokens,
                cache_write_tokens, output_tokens, reasoning_tokens, latency_us, ttft_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered, tags)
            select gen_random_uuid(), midnight - n % 10 * interval '1 day' + n / 10 / 2401.0 * case when n % 10 = 0 then now() - midnight else interval '1 day' end, 'r' || n, '{world.Organisation}', ('00000000-0000-0000-0000-' || lpad((1 + n % 7)::text, 12, '0'))::uuid,
                ('00000000-0000-0000-0001-' || lpad((n % 500)::text, 12, '0'))::uuid, 'u' || n % 90, 'f' || n % 9, 'm' || n % 5, 'p' || n % 3, 'd' || n % 5, 'chat_completions', array['a'], 10, 0, 0, 5, 0,
                1000 + n, 500, 10, 'ok', 200, n, false, true, array[]::text[], jsonb_build_object('stage', 's' || n % 3)
            from generate_series(1, 24000) n, date_trunc('day', now(), 'UTC') midnight
            """);
        // On connections that end: one that lives on tells seconds later what it read, and that would be taken for the pages'.
        await using (var rolling = Source("rolling")) await world.RollAsync(100_000, rolling);
        await world.AddAsync([.. Enumerable.Range(0, 40).Select(i => world.Record(PortalHost.Now().AddMinutes(-i)))]);
        await portal.ExecuteAsync("vacuum analyze");
        await EndedAsync("rolling");
        var before = await ReadAsync();

        await using (var source = Source("plans"))
        {
            var (reader, actor) = (new UsageReader(source), PortalHost.Actor(Roles.FinOps, world.Organisation));
            foreach (var (by, _, _) in CostGroups.All)
            {
                var costs = await new CostsQuery(reader, TimeProvider.System).RunAsync(actor, new() { Period = "90d", By = by }, default);
                Assert.Equal(24_040, costs.Value.Total.Requests);
            }
            foreach (var facet in (string[])["team", "feature", "model", "provider"])
            {
                var filter = new CostsFilter { Period = "90d", By = "deployment", Values = [(Facet.Of(facet)!, facet switch { "team" => "00000000-0000-0000-0000-000000000003", "feature" => "f2", "model" => "m1", _ => "p1" })] };
                Assert.NotEqual(0, (await new CostsQuery(reader, TimeProvider.System).RunAsync(actor, filter with { By = "model" }, default)).Value.Total.Requests);
            }
            Assert.NotEqual(0, (await new StatementQuery(reader, TimeProvider.System).RunAsync(actor, null, null, default)).Value.Total.Requests);
            Assert.NotEqual(0, (await new OverviewQuery(reader, TimeProvider.System).RunAsync(actor, default)).Value.Now.Requests);
            foreach (var (by, _) in FigureGroups.All)
                foreach (var (range, _) in FigureRanges.All)
                {
                    var figures = await new FiguresQuery(reader, TimeProvider.System).RunAsync(actor, new() { By = by, Range = range }, default);
                    Assert.NotEqual(0, figures.Value.Total.Requests);
                    Assert.NotEqual(0, figures.Value.Overhead.Answers);
                }
            var usage = await new UsageQuery(reader, TimeProvider.System).RunAsync(actor, new() { From = new(PortalHost.Now().UtcDateTime.Date.AddDays(-90), TimeSpan.Zero), To = new(PortalHost.Now().UtcDateTime.Date.AddDays(1), TimeSpan.Zero), GroupBy = "key" }, default);
            Assert.Equal(24_040, usage.Value.Total.Requests);
        }
        await EndedAsync("plans");
        Assert.Equal(before, await ReadAsync());

        NpgsqlDataSource Source(string name) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(portal.ConnectionString) { ApplicationName = name }.ConnectionString);

        // A connection's counts are there for all to see when it has ended.
        async Task EndedAsync(string name)
        {
            while (await portal.ScalarAsync<long>($"select count(*) from pg_stat_activity where application_name = '{name}'") > 0) await Task.Yield();
        }

        // A day of a page or two, as today is shortly after midnight, is read whole by every good plan.
        async Task<string> ReadAsync() => await portal.ScalarAsync<string>("""
            select coalesce(sum(s.seq_tup_read), 0)::text
            from pg_stat_user_tables s join pg_inherits i on i.inhrelid = s.relid join pg_class c on c.oid = s.relid where i.inhparent = 'usage_records'::regclass and c.reltuples > 500
            """);
    }
}
