using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Keeping;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Content.Reading;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireGateway.Portal.Tests.Content;

/// <summary>The content store on a real Postgres: who reads what and leaves which trace, what an erasure leaves behind, what a legal hold keeps, and when texts go.</summary>
public sealed class ContentStoreTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Reason = "incident 4711, as agreed", Canary = "violet-heron-8812";

    private ContentRetention Retention(TimeProvider? clock = null) => new(portal.Get<NpgsqlDataSource>(), clock ?? TimeProvider.System, NullLogger<ContentRetention>.Instance);

    private static Portal.Security.Actor Reviewer(Guid organisation) => PortalHost.Actor(Roles.SecurityReviewer, organisation);

    private async Task<(Guid Organisation, Guid Team)> HouseAsync()
    {
        var organisation = await portal.AddOrganisationAsync();
        return (organisation, await portal.AddTeamAsync(organisation));
    }

    private Task<Result<KeptContent>> ReadAsync(Guid organisation, Guid id) => portal.Get<RevealContent>().RunAsync(Reviewer(organisation), id, new() { Reason = Reason }, default);

    [Fact]
    public async Task Text_IsReadForAReason_WhichIsInTheChainedAudit()
    {
        var (organisation, team) = await HouseAsync();
        var id = await KeptRows.AddAsync(portal, organisation, team, "ada", $"asked {Canary}", "answered");
        var read = await ReadAsync(organisation, id);
        Assert.Equal(($"asked {Canary}", "answered", false), (read.Value.Prompt, read.Value.Reply, read.Value.IsUnreadable));
        Assert.Equal($"security_reviewer@example.org|content.reveal|{id}|{Reason}|true",
            await portal.ScalarAsync<string>($"select actor || '|' || action || '|' || target_id || '|' || (after->>'reason') || '|' || (hash is not null) from audit_entries where organisation_id = '{organisation}'"));

        // Without a reason, or with a word for one, nothing is shown and nothing is written.
        var silent = await portal.Get<RevealContent>().RunAsync(Reviewer(organisation), id, new() { Reason = "because" }, default);
        Assert.Equal("reason", Assert.Single(Assert.IsType<Failure.Invalid>(silent.Failure).Faults).Field);
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{organisation}'"));
        // Nor to another organisation.
        Assert.IsType<Failure.NotFound>((await ReadAsync(await portal.AddOrganisationAsync(), id)).Failure);
    }

    [Fact]
    public async Task PlainText_StandsInNoTableAndNoLog()
    {
        var (organisation, team) = await HouseAsync();
        var id = await KeptRows.AddAsync(portal, organisation, team, "ada", Canary, Canary);
        Assert.Equal(Canary, (await ReadAsync(organisation, id)).Value.Prompt);
        var found = await portal.Get<SearchContent>().RunAsync(Reviewer(organisation), new() { Reason = Reason, Text = Canary }, null, default);
        Assert.Single(found.Value.Items);
        // Every row of every table as text, and the bytes of what is encrypted.
        var tables = await portal.Get<NpgsqlDataSource>().ReadAsync("select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace", r => r.GetString(0), default);
        Assert.Contains("content_records", tables);
        foreach (var table in tables)
            Assert.Equal((table, 0L), (table, await portal.ScalarAsync<long>($"select count(*) from \"{table}\" t where t::text ilike '%{Canary}%' or t::text like '%{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(Canary))}%'")));
        Assert.DoesNotContain(Canary, portal.Logs.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Rows_ThatWereSwappedMovedOrChanged_DoNotOpen()
    {
        var (organisation, team) = await HouseAsync();
        var (one, two) = (await KeptRows.AddAsync(portal, organisation, team, "ada", "first text"), await KeptRows.AddAsync(portal, organisation, team, "ada", "second text"));
        var three = await KeptRows.AddAsync(portal, organisation, team, "ada", "third text");
        await portal.ExecuteAsync($"""
            update content_records r set payload = o.payload from content_records o where (r.id, o.id) in (('{one}', '{two}'), ('{two}', '{one}'));
            update content_records set at = at + interval '1 microsecond' where id = '{three}';
            """);
        foreach (var id in (Guid[])[one, two, three])
        {
            var read = (await ReadAsync(organisation, id)).Value;
            Assert.Equal((true, null, null), (read.IsUnreadable, read.Prompt, read.Reply));
        }
        // A search says that there is something that it could not look at.
        Assert.Equal((0, 3, 3), await portal.Get<SearchContent>().RunAsync(Reviewer(organisation), new() { Reason = Reason, Text = "text" }, null, default) is var found ? (found.Value.Items.Count, found.Value.Looked, found.Value.Unreadable) : default);
        // A key under another subject does not open either.
        await portal.ExecuteAsync($"update content_keys set version = version + 7 where organisation_id = '{organisation}' and subject is not null");
        Assert.IsType<Failure.NotFound>((await ReadAsync(organisation, one)).Failure);
    }

    [Fact]
    public async Task Erasure_MakesEveryCopyOfTheRowsUnreadable_AndDeletesThem()
    {
        var (organisation, team) = await HouseAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++) ids.Add(await KeptRows.AddAsync(portal, organisation, team, "ada", $"{Canary} {i}"));
        var other = await KeptRows.AddAsync(portal, organisation, team, "bob", "of somebody else");
        await portal.ExecuteAsync($"create table copied as select * from content_records where organisation_id = '{organisation}'");

        var erasure = await portal.Get<EraseContent>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, organisation), new() { UserId = "ada", Reason = "asked to be forgotten" }, default);
        Assert.Equal((3L, 0L, null), (erasure.Value.RowsFound, erasure.Value.RowsRemoved, erasure.Value.FinishedAt));
        // At once, before any row is deleted.
        Assert.IsType<Failure.NotFound>((await ReadAsync(organisation, ids[0])).Failure);
        Assert.Equal("of somebody else", (await ReadAsync(organisation, other)).Value.Prompt);
        await Retention().RunAsync(default);
        var after = (await portal.Get<ErasuresQuery>().OneAsync(Reviewer(organisation), erasure.Value.Id, default)).Value;
        Assert.Equal((3L, true), (after.RowsRemoved, after.FinishedAt is not null));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from content_records where organisation_id = '{organisation}'"));
        // The rows come back from a backup; their key does not.
        await portal.ExecuteAsync($"insert into content_records select * from copied on conflict do nothing");
        Assert.IsType<Failure.NotFound>((await ReadAsync(organisation, ids[0])).Failure);
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from content_keys k join copied c on c.data_key = k.id where k.wrapped is not null and c.id <> '{other}'"));
        await portal.ExecuteAsync("drop table copied");

        // What the user says from now on has a key of its own; what came before gets none.
        var keys = portal.Get<ContentKeyStore>();
        var own = (await keys.FindOrganisationAsync(organisation, default))!;
        Assert.Null(await keys.SubjectAsync(own, own.SubjectOf("ada"), erasure.Value.CreatedAt, PortalHost.Now(), default));
        Assert.Equal(2, (await keys.SubjectAsync(own, own.SubjectOf("ada"), erasure.Value.CreatedAt.AddMilliseconds(1), PortalHost.Now(), default))!.Version);
        Assert.Equal("content.erase", await portal.ScalarAsync<string>($"select action from audit_entries where target_id = '{erasure.Value.Id}'"));
    }

    [Fact]
    public async Task Erasure_OfAUserWithoutTexts_LeavesAMarkForWhatIsStillOnItsWay()
    {
        var (organisation, _) = await HouseAsync();
        var erasure = await portal.Get<EraseContent>().RunAsync(Reviewer(organisation), new() { UserId = "nobody yet", Reason = "asked to be forgotten" }, default);
        Assert.NotNull(erasure.Value.FinishedAt);
        var keys = portal.Get<ContentKeyStore>();
        var own = (await keys.FindOrganisationAsync(organisation, default))!;
        Assert.Null(await keys.SubjectAsync(own, own.SubjectOf("nobody yet"), erasure.Value.CreatedAt.AddSeconds(-1), PortalHost.Now(), default));
    }

    [Theory]
    [InlineData("organisation")]
    [InlineData("team")]
    [InlineData("user")]
    public async Task Hold_KeepsFromErasureAndRetention_UntilItIsReleased(string kind)
    {
        var (organisation, team) = await HouseAsync();
        var longAgo = PortalHost.Now().AddDays(-9);
        var id = await KeptRows.AddAsync(portal, organisation, team, "ada", "held", arrived: longAgo, days: 1);
        var free = await KeptRows.AddAsync(portal, organisation, await portal.AddTeamAsync(organisation), "bob", "not held", arrived: longAgo, days: 1);
        var request = new PlaceHoldRequest { ScopeKind = kind, ScopeId = kind switch { "team" => team.ToString(), "user" => "ada", _ => null }, Reason = "case 17 of legal" };
        var hold = await portal.Get<PlaceHold>().RunAsync(Reviewer(organisation), request, default);
        Assert.Null(hold.Failure);
        Assert.IsType<Failure.Conflict>((await portal.Get<PlaceHold>().RunAsync(Reviewer(organisation), request, default)).Failure);

        var refused = await portal.Get<EraseContent>().RunAsync(Reviewer(organisation), new() { UserId = "ada", Reason = "asked to be forgotten" }, default);
        Assert.Contains("legal hold", Assert.IsType<Failure.Conflict>(refused.Failure).Message, StringComparison.Ordinal);
        await Retention().RunAsync(default);
        Assert.Equal("held", (await ReadAsync(organisation, id)).Value.Prompt);
        Assert.Equal(kind == "organisation", (await ReadAsync(organisation, free)).Succeeded);

        Assert.Null((await portal.Get<ReleaseHold>().RunAsync(Reviewer(organisation), hold.Value.Id, new() { Reason = "case 17 is closed" }, default)).Failure);
        Assert.IsType<Failure.NotFound>((await portal.Get<ReleaseHold>().RunAsync(Reviewer(organisation), hold.Value.Id, new() { Reason = "case 17 is closed" }, default)).Failure);
        await Retention().RunAsync(default);
        Assert.IsType<Failure.NotFound>((await ReadAsync(organisation, id)).Failure);
        Assert.Equal("content.hold,content.unhold", await portal.ScalarAsync<string>($"select string_agg(action, ',' order by at) from audit_entries where target_id = '{hold.Value.Id}'"));
    }

    [Fact]
    public async Task Retention_FollowsAShorterPolicy_AndDropsEmptyDays()
    {
        var (organisation, team) = await HouseAsync();
        var day = PortalHost.Now().AddDays(-20);
        var old = await KeptRows.AddAsync(portal, organisation, team, "ada", "old", arrived: day, days: 30);
        var recent = await KeptRows.AddAsync(portal, organisation, team, "ada", "recent", days: 30);
        await Retention().RunAsync(default);
        Assert.True((await ReadAsync(organisation, old)).Succeeded);
        await portal.Get<SetContentPolicy>().RunAsync(Reviewer(organisation), new() { ScopeKind = "organisation", Settings = new() { Keep = "both", RetentionDays = 10 } }, default);
        await Retention().RunAsync(default);
        Assert.False((await ReadAsync(organisation, old)).Succeeded);
        // A longer one gives nothing back and keeps nothing longer than was said when it came.
        await portal.Get<SetContentPolicy>().RunAsync(Reviewer(organisation), new() { ScopeKind = "organisation", Settings = new() { Keep = "both", RetentionDays = 100 } }, default);
        await Retention().RunAsync(default);
        Assert.Equal(10, Math.Round(((await ReadAsync(organisation, recent)).Value.RetainUntil - PortalHost.Now()).TotalDays));

        var partition = $"content_records_{day.UtcDateTime:yyyyMMdd}";
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from pg_class where relname = '{partition}'"));
        Assert.True(await Retention().DropEmptyDaysAsync(default) >= 1);
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from pg_class where relname = '{partition}'"));
        Assert.True((await ReadAsync(organisation, recent)).Succeeded);
    }

    [Fact]
    public async Task Retention_IsOneProcessAtATime()
    {
        await using var other = await portal.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({ContentRetention.LockKey})", other)) await take.ExecuteNonQueryAsync();
        Assert.Null(await Retention().RunAsync(default));
        await using (var give = new NpgsqlCommand("select pg_advisory_unlock_all()", other)) await give.ExecuteNonQueryAsync();
        Assert.NotNull(await Retention().RunAsync(default));
    }

    [Fact]
    public async Task Search_LooksForAllWordsWithinItsWindow_AndLeavesNoWordInTheAudit()
    {
        var (organisation, team) = await HouseAsync();
        var both = await KeptRows.AddAsync(portal, organisation, team, "ada", "The Quarterly forecast", "It is RISING fast");
        await KeptRows.AddAsync(portal, organisation, team, "ada", "The quarterly forecast", "It is falling");
        await KeptRows.AddAsync(portal, organisation, team, "bob", "quarterly", "rising", arrived: PortalHost.Now().AddDays(-8));
        async Task<ContentSearchResult> SearchAsync(string text, string? user = null, DateTimeOffset? from = null) =>
            (await portal.Get<SearchContent>().RunAsync(Reviewer(organisation), new() { Reason = Reason, Text = text, UserId = user, From = from }, null, default)).Value;

        var hit = Assert.Single((await SearchAsync("quarterly rising")).Items);
        Assert.Equal((both, "prompt"), (hit.Id, hit.In));
        Assert.Contains("Quarterly", hit.Excerpt, StringComparison.Ordinal);
        Assert.Equal("reply", Assert.Single((await SearchAsync("\"rising fast\"")).Items).In);
        Assert.Empty((await SearchAsync("\"fast rising\"")).Items);
        Assert.Equal(2, (await SearchAsync("quarterly")).Looked);
        Assert.Single((await SearchAsync("quarterly", "bob", PortalHost.Now().AddDays(-30))).Items);
        Assert.Equal(5, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{organisation}' and action = 'content.search' and after->>'reason' = '{Reason}'"));
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{organisation}' and after::text ilike '%rising%'"));
    }

    [Fact]
    public async Task Search_OfManyHits_GoesOnWhereItStopped()
    {
        var (organisation, team) = await HouseAsync();
        for (var i = 0; i < SearchContent.MaxHits + 5; i++) await KeptRows.AddAsync(portal, organisation, team, $"u{i % 3}", $"needle {i}");
        var first = (await portal.Get<SearchContent>().RunAsync(Reviewer(organisation), new() { Reason = Reason, Text = "needle" }, null, default)).Value;
        Assert.Equal((SearchContent.MaxHits, true), (first.Items.Count, first.Next is not null));
        var second = (await portal.Get<SearchContent>().RunAsync(Reviewer(organisation), new() { Reason = Reason, Text = "needle", After = first.Next }, null, default)).Value;
        Assert.Equal((5, null), (second.Items.Count, second.Next));
        Assert.Empty(first.Items.Select(i => i.Id).Intersect(second.Items.Select(i => i.Id)));
    }

    [Fact]
    public async Task Export_HoldsAllTextsOfOneSubject_AndIsInTheAudit()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Shop");
        for (var i = 0; i < 2; i++) await KeptRows.AddAsync(portal, api.Organisation, team, "ada", $"asked {i}", "answered");
        await KeptRows.AddAsync(portal, api.Organisation, team, "bob", "of somebody else");
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext { Response = { Body = new MemoryStream() } };
        Assert.IsType<Failure.Forbidden>(await portal.Get<ExportContent>().WriteAsync(context, PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), new() { UserId = "ada", Reason = Reason }, default));
        Assert.Null(await portal.Get<ExportContent>().WriteAsync(context, PortalHost.Actor(Roles.Auditor, api.Organisation), new() { UserId = "ada", Reason = Reason }, default));
        var lines = System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["asked 1", "asked 0"], lines.Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!["prompt"]!.GetValue<string>()));
        Assert.Equal("ada", await portal.ScalarAsync<string>($"select after->>'user_id' from audit_entries where organisation_id = '{api.Organisation}' and action = 'content.export'"));
    }

    [Fact]
    public async Task MasterKey_ThatWasReplaced_RewrapsTheOrganisationsKeyAndReadsOn()
    {
        var (organisation, team) = await HouseAsync();
        var id = await KeptRows.AddAsync(portal, organisation, team, "ada", "under the old key");
        var fresh = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var source = portal.Get<NpgsqlDataSource>();
        Assert.Equal((1, 0), await new ContentKeyStore(source, new SecretBox(fresh, [PortalHost.MasterKey])).RewrapAsync(organisation, default));
        Assert.Equal((0, 0), await new ContentKeyStore(source, new SecretBox(fresh, [PortalHost.MasterKey])).RewrapAsync(organisation, default));
        // The new key alone is enough now, and the old one alone is not.
        var read = new List<KeptContent>();
        await foreach (var row in new ContentReader(source, new ContentKeyStore(source, new SecretBox(fresh))).ReadAsync(new(organisation, Id: id), null, default)) read.Add(row);
        Assert.Equal("under the old key", Assert.Single(read).Prompt);
        Assert.Contains("Gateway__PreviousMasterKeys", Assert.IsType<Failure.Conflict>((await ReadAsync(organisation, id)).Failure).Message, StringComparison.Ordinal);
    }
}
