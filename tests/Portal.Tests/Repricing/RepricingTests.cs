using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Repricing;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Tests.Repricing;

/// <summary>Records that are priced anew: each once, whoever is killed when, and the sums follow to the nano-USD.</summary>
public sealed class RepricingTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly PriceComponents Wrong = new() { Input = 3_000_000_001, Output = 15_000_000_007, CacheRead = 300_000_003 };
    private static readonly PriceComponents Right = new() { Input = 250_000_003, Output = 1_500_000_001, CacheRead = 25_000_007, Request = 11 };

    private readonly DateTimeOffset now = PortalHost.Now();

    [Fact]
    public async Task Job_KilledInTheMiddleWithLateRecordsAndRollUps_CorrectsEachRecordOnce()
    {
        var scene = await SceneAsync(90);
        await scene.World.RollAsync();
        var preview = await Run<PreviewRepricing, RepricingPreview>(c => c.RunAsync(scene.Actor, scene.Request, default));
        Assert.Equal((90, 1, scene.Old, scene.New), (preview.Records, preview.LeftAlone, preview.OldNanoUsd, preview.NewNanoUsd));
        Assert.Equal(3, preview.Teams.Count);
        Assert.Equal((90, scene.Old, scene.New), (preview.Teams.Sum(t => t.Records), preview.Teams.Sum(t => t.OldNanoUsd), preview.Teams.Sum(t => t.NewNanoUsd)));
        Assert.Equal(0L, await CorrectionsAsync(scene));

        var job = await Run<StartRepricing, RepricingJob>(c => c.RunAsync(scene.Actor, scene.Request, default));
        Assert.Equal((91L, RepricingStatuses.Running), (job.Total, job.Status));
        Assert.IsType<Failure.Conflict>((await portal.Get<StartRepricing>().RunAsync(scene.Actor, scene.Request, default)).Failure);

        var batch = Batch(20);
        Assert.True(await batch.RunAsync(default));
        // One of the twenty is left alone.
        Assert.Equal(19L, await CorrectionsAsync(scene));
        // Its progress cannot be written: the records and corrections of that batch were never there.
        await portal.ExecuteAsync($"alter table repricing_jobs add constraint killed check (id <> '{job.Id}' or looked_at <= 20) not valid");
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<PostgresException>(() => Batch(20).RunAsync(default));
        Assert.Equal((19L, 19L), (await CorrectionsAsync(scene), await PricedAsync(scene)));
        await scene.World.RollAsync(7);
        await AssertSumsAsync(scene);
        await portal.ExecuteAsync("alter table repricing_jobs drop constraint killed");

        // A portal whose connection is cut in the middle of a batch, its process being killed, leaves nothing either.
        await using (var cut = NpgsqlDataSource.Create(portal.ConnectionString + ";Application Name=killed-repricing"))
        {
            await portal.ExecuteAsync("""
                create function kill_repricing() returns trigger language plpgsql as $$ begin
                    if current_setting('application_name') = 'killed-repricing' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
                create trigger killed after insert on price_corrections for each row execute function kill_repricing();
                """);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Batch(20, cut).RunAsync(default));
            await portal.ExecuteAsync("drop trigger killed on price_corrections; drop function kill_repricing()");
        }
        Assert.Equal((19L, 19L), (await CorrectionsAsync(scene), await PricedAsync(scene)));

        // Late, behind what was looked at: the next batches take it. Late, before: a second job does.
        var (behind, before) = (scene.Record(scene.To.AddMinutes(-1)), scene.Record(scene.From.AddMinutes(1)));
        await scene.World.AddAsync(behind, before);
        while (await Batch(20).RunAsync(default)) { }
        var done = (await portal.Get<RepricingQuery>().OneAsync(scene.Actor, job.Id, default)).Value;
        Assert.Equal((RepricingStatuses.Done, 91L, 1L, scene.Old + behind.CostNanoUsd), (done.Status, done.Corrected, done.LeftAlone, done.OldNanoUsd));
        Assert.Equal((91L, 91L), (await CorrectionsAsync(scene), await PricedAsync(scene)));
        await AssertSumsAsync(scene);
        await scene.World.RollAsync(13);
        await AssertSumsAsync(scene);

        var second = await Run<StartRepricing, RepricingJob>(c => c.RunAsync(scene.Actor, scene.Request, default));
        Assert.Equal(2L, second.Total);
        while (await Batch(20).RunAsync(default)) { }
        Assert.Equal((92L, 92L), (await CorrectionsAsync(scene), await PricedAsync(scene)));
        Assert.Equal(1L, (await portal.Get<RepricingQuery>().OneAsync(scene.Actor, second.Id, default)).Value.Corrected);
        await scene.World.RollAsync(13);
        await AssertSumsAsync(scene);
        Assert.Equal(await SumAsync(scene, "select sum(new_nano_usd - old_nano_usd)::bigint from price_corrections where organisation_id ="), await ChangeAsync(scene) - scene.Started - behind.CostNanoUsd - before.CostNanoUsd);
        Assert.Equal(0L, await SumAsync(scene, "select count(*) from (select record_id from price_corrections where organisation_id = '" + scene.World.Organisation + "' group by 1 having count(*) > 1) d, organisations where id ="));

        Assert.Equal(
            ["repricing.start", "repricing.end", "repricing.start", "repricing.end"],
            (await portal.ScalarAsync<string>($"select string_agg(action, ',' order by seq) from audit_entries where organisation_id = '{scene.World.Organisation}' and action like 'repricing.%'")).Split(','));
    }

    [Fact]
    public async Task Cancel_BetweenBatches_KeepsWhatWasCorrectedAndTellsGatewaysToCountAnew()
    {
        var scene = await SceneAsync(50);
        var job = await Run<StartRepricing, RepricingJob>(c => c.RunAsync(scene.Actor, scene.Request, default));
        var rewritten = await RewrittenAsync(scene);
        await Batch(20).RunAsync(default);
        Assert.Equal(rewritten, await RewrittenAsync(scene));
        var cancelled = await Run<EndRepricing, RepricingJob>(c => c.CancelAsync(scene.Actor, job.Id, default));
        Assert.Equal((RepricingStatuses.Cancelled, 19L), (cancelled.Status, cancelled.Corrected));
        Assert.True(await RewrittenAsync(scene) > rewritten);
        Assert.Equal(1L, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'organisation' and entity_id = '{scene.World.Organisation}'"));
        Assert.False(await Batch(20).RunAsync(default));
        Assert.Equal(19L, await CorrectionsAsync(scene));
        Assert.IsType<Failure.Conflict>((await portal.Get<EndRepricing>().CancelAsync(scene.Actor, job.Id, default)).Failure);
        await scene.World.RollAsync();
        await AssertSumsAsync(scene);
    }

    [Fact]
    public async Task Batch_OnWhichAnotherPortalWorks_IsLeftToIt()
    {
        var scene = await SceneAsync(5);
        var job = await Run<StartRepricing, RepricingJob>(c => c.RunAsync(scene.Actor, scene.Request, default));
        await using (var other = await portal.Get<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using (var take = new NpgsqlCommand($"select 1 from repricing_jobs where id = '{job.Id}' for update", other)) await take.ExecuteNonQueryAsync();
            Assert.False(await Batch(20).RunAsync(default));
        }
        while (await Batch(20).RunAsync(default)) { }
        Assert.Equal(5L, await CorrectionsAsync(scene));
    }

    [Fact]
    public async Task Price_ThatCameLate_PricesWhatHadNone()
    {
        var scene = await SceneAsync(0);
        var free = scene.Record(scene.From.AddMinutes(5));
        (free.PriceVersionId, free.CostNanoUsd) = (null, 0);
        var refused = scene.Record(scene.From.AddMinutes(6));
        (refused.PriceVersionId, refused.CostNanoUsd, refused.Status) = (null, 0, UsageStatuses.Refused);
        var cached = scene.Record(scene.From.AddMinutes(7));
        (cached.PriceVersionId, cached.CostNanoUsd, cached.CacheHit) = (null, 0, "exact");
        await scene.World.AddAsync(free, refused, cached);
        await Run<StartRepricing, RepricingJob>(c => c.RunAsync(scene.Actor, scene.Request, default));
        while (await Batch(20).RunAsync(default)) { }
        Assert.Equal(CostOf(Right, free), await portal.ScalarAsync<long>($"select cost_nano_usd from usage_records where id = '{free.Id}'"));
        Assert.Equal(0L, await portal.ScalarAsync<long>($"select sum(cost_nano_usd)::bigint from usage_records where id in ('{refused.Id}', '{cached.Id}')"));
        Assert.Equal(1L, await CorrectionsAsync(scene));
    }

    [Fact]
    public async Task Request_OutOfBounds_IsRefusedByField()
    {
        var scene = await SceneAsync(1);
        await AssertAsync(scene.Request with { To = now.AddHours(1) }, "to");
        await AssertAsync(scene.Request with { To = scene.From }, "to");
        await AssertAsync(scene.Request with { From = scene.To.AddDays(-401) }, "from");
        await AssertAsync(scene.Request with { From = scene.From.AddDays(-3), To = scene.From.AddDays(-2) }, "from");
        await AssertAsync(scene.Request with { Reason = " x " }, "reason");
        await AssertAsync(new(), "from", "price_version_id", "reason", "to");
        Assert.IsType<Failure.NotFound>((await portal.Get<StartRepricing>().RunAsync(scene.Actor, scene.Request with { PriceVersionId = Guid.NewGuid() }, default)).Failure);

        async Task AssertAsync(RepricingRequest request, params string[] fields)
        {
            var failure = Assert.IsType<Failure.Invalid>((await portal.Get<StartRepricing>().RunAsync(scene.Actor, request, default)).Failure);
            Assert.Equal(fields, failure.Faults.Select(f => f.Field).Order(StringComparer.Ordinal));
        }
    }

    private static long CostOf(PriceComponents price, UsageRecord r) =>
        PriceFormula.CostOf(price, BilledUsage.Of(r.InputTokens, r.CacheReadTokens, r.CacheWriteTokens, r.OutputTokens, null, r.ServiceTier));

    private async Task<Scene> SceneAsync(int records)
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(records + 1));
        var (provider, deployment, wrong, right) = (PortalHost.NewId(), PortalHost.NewId(), PortalHost.NewId(), PortalHost.NewId());
        await using var db = portal.Db();
        db.Add(new Provider { Id = provider, OrganisationId = world.Organisation, Slug = "p", Name = "P", Protocol = "openai", BaseUrl = "https://api.example.org/v1", CreatedAt = now });
        db.Add(new Deployment { Id = deployment, OrganisationId = world.Organisation, Name = "d", ProviderId = provider, UpstreamModel = "m", CreatedAt = now });
        db.AddRange(
            new PriceVersion { Id = wrong, OrganisationId = world.Organisation, DeploymentId = deployment, ValidFrom = now.AddDays(-9), Components = Wrong, CreatedBy = "t", CreatedAt = now },
            new PriceVersion { Id = right, OrganisationId = world.Organisation, DeploymentId = deployment, ValidFrom = now, Components = Right, CreatedBy = "t", CreatedAt = now });
        await db.SaveChangesAsync();

        var scene = new Scene(world, deployment, wrong, right, now.AddDays(-3), now.AddMinutes(-5));
        var made = Enumerable.Range(0, records).Select(i => scene.Record(scene.From.AddMinutes(10 + 40 * i))).ToList();
        scene.Old = made.Sum(r => r.CostNanoUsd);
        scene.New = made.Sum(r => CostOf(Right, r));
        if (records > 0)
        {
            // Paid two answers: its price does not explain what it cost.
            var hedged = scene.Record(scene.From.AddMinutes(3));
            hedged.CostNanoUsd += 1;
            // Before and after the span, and of other deployments.
            made.AddRange([hedged, scene.Record(scene.From.AddMinutes(-1)), scene.Record(scene.To.AddMinutes(1)), .. Enumerable.Range(0, 10).Select(i => world.Record(scene.From.AddHours(i)))]);
        }
        await world.AddAsync([.. made]);
        scene.Started = made.Sum(r => r.CostNanoUsd);
        return scene;
    }

    private RepricingBatch Batch(int records, NpgsqlDataSource? source = null) =>
        new(source ?? portal.Get<NpgsqlDataSource>(), portal.Get<EndRepricing>(), Options.Create(new RepricingOptions { BatchRecords = records }));

    private async Task<T> Run<TCommand, T>(Func<TCommand, Task<Result<T>>> run)
        where TCommand : notnull
    {
        var result = await run(portal.Get<TCommand>());
        Assert.True(result.Succeeded, result.Failure?.Message);
        return result.Value;
    }

    private Task<long> CorrectionsAsync(Scene scene) => SumAsync(scene, "select count(*) from price_corrections where organisation_id =");

    private Task<long> PricedAsync(Scene scene) => SumAsync(scene, $"select count(*) from usage_records where price_version_id = '{scene.Right}' and organisation_id =");

    private Task<long> ChangeAsync(Scene scene) => SumAsync(scene, "select sum(cost_nano_usd)::bigint from usage_records where organisation_id =");

    private Task<long> RewrittenAsync(Scene scene) => SumAsync(scene, "select books_rewritten from organisations where id =");

    private Task<long> SumAsync(Scene scene, string sql) => portal.ScalarAsync<long>($"{sql} '{scene.World.Organisation}'");

    private async Task AssertSumsAsync(Scene scene)
    {
        foreach (var (group, sql) in ((string, string)[])[("team", "u.team_id::text"), ("deployment", "u.deployment"), ("key", "u.key_id::text"), ("status", "u.status")]) await AssertOfAsync(group, sql);

        async Task AssertOfAsync(string group, string sql)
        {
            var (from, to) = (scene.From.AddDays(-1), now.AddMinutes(1));
            RollUpWorld.AssertSame(await scene.World.ByRecordsAsync(sql, from, to), await scene.World.AskAsync(new() { From = from, To = to, GroupBy = group }));
        }
    }

    private sealed class Scene(RollUpWorld world, Guid deployment, Guid wrong, Guid right, DateTimeOffset from, DateTimeOffset to)
    {
        public RollUpWorld World => world;

        public Guid Deployment => deployment;

        public Guid Right => right;

        public DateTimeOffset From => from;

        public DateTimeOffset To => to;

        public long Old { get; set; }

        public long New { get; set; }

        public long Started { get; set; }

        public Actor Actor => PortalHost.Actor(Roles.Platform, world.Organisation);

        public RepricingRequest Request => new() { PriceVersionId = right, From = from, To = to, Reason = "The vendor's list was misread." };

        public UsageRecord Record(DateTimeOffset at)
        {
            var record = world.Record(at);
            (record.Deployment, record.Provider, record.PriceVersionId, record.Status, record.CacheHit, record.SavedNanoUsd, record.SavedUs) = ("d", "p", wrong, UsageStatuses.Ok, null, null, null);
            record.CostNanoUsd = CostOf(Wrong, record);
            return record;
        }
    }
}
