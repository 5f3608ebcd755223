using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Quality.InUse;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Tests.Quality;

/// <summary>How answers were taken, against the votes and records that say so.</summary>
public sealed class InUseTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("model")]
    [InlineData("task")]
    [InlineData("feature")]
    public async Task InUse_ByEachGroup_SaysWhatVotesJourneysAndRecordsSay(string by)
    {
        var (random, now) = (new Random(7), PortalHost.Now());
        var world = await RollUpWorld.StartAsync(portal, random);
        var records = Enumerable.Range(0, 90).Select(_ => world.Record(now.AddMinutes(-random.Next(9 * 24 * 60)))).ToArray();
        await world.AddAsync(records[..60]);
        await world.RollAsync();
        await world.AddAsync(records[60..]);
        // Every third has a vote, every fourth a share, every fifth a finding, of which half were refused; one vote stands for no record yet.
        await portal.ExecuteAsync($"""
            insert into feedback (id, organisation_id, key_id, request_id, name, source, score, at, usage_id, usage_at)
            select gen_random_uuid(), organisation_id, key_id, request_id, 'quality', (array['user', 'eval', 'outcome'])[1 + n % 3], (n % 11) / 10.0, at, id, at
            from (select *, row_number() over (order by id) as n from usage_records where organisation_id = '{world.Organisation}') r where n % 3 = 0 or n % 7 = 0;
            insert into feedback (id, organisation_id, key_id, request_id, name, source, score, at) values (gen_random_uuid(), '{world.Organisation}', gen_random_uuid(), 'r', 'quality', 'user', 1, now());
            insert into journeys (id, at, organisation_id, document)
            select id, at, organisation_id, case when n % 4 = 0 then json_build_object('groundedness', (n % 9) / 8.0) else json_build_object() end
            from (select *, row_number() over (order by id) as n from usage_records where organisation_id = '{world.Organisation}') r;
            update usage_records u set guardrails_triggered = array['secrets'], error = case when n % 2 = 0 then 'guardrail_blocked' end
            from (select id, row_number() over (order by id) as n from usage_records where organisation_id = '{world.Organisation}') r where r.id = u.id and n % 5 = 0;
            """);

        var report = (await portal.Get<InUseQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), by, default)).Value;

        var expected = await world.ByRecordsAsync($"u.{by}", report.From, now.AddDays(1));
        Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value.Requests)), report.Rows.OrderBy(r => r.Group ?? "", StringComparer.Ordinal).Select(r => (r.Group ?? "", r.Requests)));
        var (votes, shares) = (0, 0);
        foreach (var row in report.Rows)
        {
            var mine = $"u.organisation_id = '{world.Organisation}' and coalesce(u.{by}, '') = '{row.Group}' and u.at >= '{report.From:O}'";
            foreach (var source in FeedbackSources.All)
            {
                var told = row.Votes.FirstOrDefault(v => v.Source == source)?.Score;
                var from = $"from feedback f join usage_records u on u.id = f.usage_id where f.source = '{source}' and {mine}";
                Assert.Equal(await portal.ScalarAsync<long>($"select count(*) {from}"), told?.Count ?? 0);
                if (told is null) continue;
                votes++;
                Assert.Equal(await portal.ScalarAsync<double>($"select avg(f.score) {from}"), told.Mean, 9);
                Assert.True(told.Lower <= told.Mean && told.Mean <= told.Upper);
            }
            var grounded = $"from journeys j join usage_records u on u.id = j.id where j.document ->> 'groundedness' is not null and {mine}";
            Assert.Equal(await portal.ScalarAsync<long>($"select count(*) {grounded}"), row.Grounded?.Count ?? 0);
            if (row.Grounded is { } share)
            {
                shares++;
                Assert.Equal(await portal.ScalarAsync<double>($"select avg((j.document ->> 'groundedness')::float8) {grounded}"), share.Mean, 9);
            }
            Assert.Equal(await portal.ScalarAsync<long>($"select count(*) from usage_records u where cardinality(guardrails_triggered) > 0 and {mine}"), row.Found);
            Assert.Equal(await portal.ScalarAsync<long>($"select count(*) from usage_records u where error = 'guardrail_blocked' and {mine}"), row.Blocked);
        }
        Assert.True(votes > 3 && shares > 1);
        Assert.Contains(report.Rows, r => r.Blocked > 0);
    }

    [Fact]
    public async Task InUse_ByFeature_IsForThoseWhoSeeTheWholeOrganisation_AndAnUnknownGroupIsRefused()
    {
        var organisation = await portal.AddOrganisationAsync();
        var query = portal.Get<InUseQuery>();
        Assert.IsType<Failure.Forbidden>((await query.RunAsync(PortalHost.Actor(Roles.Developer, organisation), "feature", default)).Failure);
        Assert.Empty((await query.RunAsync(PortalHost.Actor(Roles.Developer, organisation), null, default)).Value.Rows);
        Assert.Equal(["by"], Assert.IsType<Failure.Invalid>((await query.RunAsync(PortalHost.Actor(Roles.FinOps, organisation), "key", default)).Failure).Faults.Select(f => f.Field));
    }
}
