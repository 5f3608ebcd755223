using AspireGateway.Portal.Guardrails.Found;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.Guardrails;

/// <summary>What guardrails found, counted from records.</summary>
public sealed class FoundTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Found_IsCountedByGuardrailTeamAndTime_WithRefusedOnesApart_AlongTheIndex()
    {
        var organisation = await portal.AddOrganisationAsync();
        await portal.ExecuteAsync($"update organisations set time_zone = 'Europe/Berlin' where id = '{organisation}'");
        var (one, other) = (await portal.AddTeamAsync(organisation), await portal.AddTeamAsync(organisation));
        await portal.ExecuteAsync("select ensure_day_partitions(array(select current_date - n from generate_series(-1, 9) n))");
        // Much that nothing was found in, of the same organisation.
        await AddAsync(one, "now() - n * interval '25 seconds'", "{}", null, 20_000);
        await AddAsync(one, "now() - n * interval '1 hour'", "{secrets}", null, 3);
        await AddAsync(one, "now() - n * interval '1 minute'", "{secrets,banned_patterns}", "guardrail_blocked", 2);
        await AddAsync(other, "now() - interval '4 days'", "{personal_data}", null, 4);
        await AddAsync(other, "now() - interval '9 days'", "{personal_data}", null, 1);
        await portal.ExecuteAsync($$"""
            insert into journeys (id, at, organisation_id, document)
            select id, at, organisation_id, '{"findings":[{"guardrail":"secrets","type":"JWT","action":"mask","count":2},{"guardrail":"secrets","type":"AWS_KEY","action":"mask","count":1}]}'
            from usage_records where organisation_id = '{{organisation}}' and guardrails_triggered = '{secrets}'
            """);
        var foreign = await portal.AddOrganisationAsync();
        await portal.ExecuteAsync("vacuum analyze usage_records");
        var before = await ReadAsync();

        FoundReport day, week, nothing;
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(portal.ConnectionString) { ApplicationName = "found-plans" }.ConnectionString))
        {
            var query = new FoundQuery(source, TimeProvider.System);
            var actor = PortalHost.Actor(Roles.SecurityReviewer, organisation);
            day = (await query.RunAsync(actor, null, null, default)).Value;
            week = (await query.RunAsync(actor, PortalHost.Now().AddDays(-7), null, default)).Value;
            nothing = (await query.RunAsync(PortalHost.Actor(Roles.SecurityReviewer, foreign), null, null, default)).Value;
        }

        Assert.Equal((5L, 2L), (day.Requests, day.Refused));
        Assert.Equal([("secrets", 5L, 2L), ("banned_patterns", 2L, 2L)], day.Guardrails.Select(g => (g.Id, g.Requests, g.Refused)));
        Assert.Equal([(one.ToString(), "Team", 5L, 2L)], day.Teams.Select(t => (t.Id, t.Name!, t.Requests, t.Refused)));
        Assert.Equal([("AWS_KEY", 3L, 3L), ("JWT", 3L, 6L)], day.Types.Select(t => (t.Type, t.Requests, t.Findings)));
        Assert.Equal([("shop", 3L, 1L), ("", 2L, 1L)], day.Features.Select(f => (f.Id, f.Requests, f.Refused)));
        Assert.InRange(day.Steps.Count, 24, 25);
        Assert.Equal((5L, 2L), (day.Steps.Sum(s => s.Requests), day.Steps.Sum(s => s.Refused)));
        Assert.Equal((9L, 2L), (week.Requests, week.Refused));
        Assert.Equal(8, week.Steps.Count);
        Assert.Equal(9, week.Steps.Sum(s => s.Requests));
        // Days begin where the organisation's do.
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.All(week.Steps, s => Assert.Equal(TimeSpan.Zero, TimeZoneInfo.ConvertTime(s.At, berlin).TimeOfDay));
        Assert.Equal((0L, 0), (nothing.Requests, nothing.Guardrails.Count));

        while (await portal.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'found-plans'") > 0) await Task.Yield();
        Assert.Equal(before, await ReadAsync());

        Task AddAsync(Guid team, string at, string triggered, string? error, int count) => portal.ExecuteAsync($"""
            insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
                latency_us, overhead_us, status, status_code, error, cost_nano_usd, estimated, streamed, guardrails_triggered, feature)
            select gen_random_uuid(), {at}, 'r' || n, '{organisation}', '{team}', gen_random_uuid(), 'chat_completions', array[]::text[], 1, 0, 0, 1, 0, 1, 1, 'ok', 200, {(error is null ? "null" : $"'{error}'")}, 0, false, false, '{triggered}',
                case when n % 2 = 1 then 'shop' end
            from generate_series(1, {count}) n
            """);

        async Task<string> ReadAsync() => await portal.ScalarAsync<string>(
            "select coalesce(sum(s.seq_tup_read), 0)::text from pg_stat_user_tables s join pg_inherits i on i.inhrelid = s.relid where i.inhparent = 'usage_records'::regclass");
    }

    [Fact]
    public async Task Found_OverRest_IsBoundedAndForThoseWhoSeeGuardrails()
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(0, (await api.GetAsync("/api/guardrails/found")).Body!["requests"]!.GetValue<long>());
        Assert.Equal(["from"], (await api.GetAsync("/api/guardrails/found?from=2020-01-01T00:00:00Z")).Body.Faults());
        var refused = await portal.Get<FoundQuery>().RunAsync(PortalHost.Actor(Roles.Developer, api.Organisation), null, null, default);
        Assert.IsType<AspireGateway.Portal.Configuration.Failure.Forbidden>(refused.Failure);
    }
}
