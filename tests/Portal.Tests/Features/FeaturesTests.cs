using AspireGateway.Portal.Agents;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Features;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Portal.Usage;
using AspireGateway.Portal.Users;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Features;

/// <summary>Lists of what requests name, from roll-ups and the records after them, against what the records alone add up to.</summary>
public sealed class FeaturesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Lists_OfUsageThatIsHalfRolledUp_EqualTheRecords_HoweverTheyArePaged()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(7));
        var now = PortalHost.Now();
        await world.AddAsync([.. Enumerable.Range(0, 120).Select(i => world.Record(now.AddHours(-i)))]);
        await world.RollAsync();
        await world.AddAsync([.. Enumerable.Range(0, 25).Select(i => world.Record(now.AddMinutes(-i)))]);
        var month = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

        foreach (var (column, read) in new (string, Func<Actor, NamesFilter, Task<Result<Page<NamedUsage>>>>)[]
        {
            ("feature", async (a, f) => await portal.Get<FeaturesQuery>().RunAsync(a, f, false, default) is { Failure: null, Value: var page } ? new Page<NamedUsage>([.. page.Items], page.Next) : throw new InvalidOperationException()),
            ("agent", (a, f) => portal.Get<AgentsQuery>().RunAsync(a, f, default)),
            ("user_id", (a, f) => portal.Get<EndUsersQuery>().RunAsync(a, f, default)),
        })
            foreach (var (role, teams) in new[] { (Roles.FinOps, Array.Empty<Guid>()), (Roles.TeamLead, [world.Teams[0], world.Teams[2]]), (Roles.TeamLead, [world.Teams[1]]) })
            {
                var condition = teams.Length == 0 ? "true" : $"team_id in ({string.Join(',', teams.Select(t => $"'{t}'"))})";
                var expected = (await world.ByRecordsAsync(column, month, now.AddDays(1), condition)).Where(g => g.Key.Length > 0).ToDictionary(g => g.Key, g => (g.Value.Requests, g.Value.Cost));
                var actor = PortalHost.Actor(role, world.Organisation, null, teams);
                foreach (var limit in (int[])[1, 2, 50])
                {
                    var found = new List<NamedUsage>();
                    string? after = null;
                    do
                    {
                        var page = await read(actor, new() { Limit = limit, After = after });
                        Assert.True(page.Failure is null, page.Failure?.Message);
                        Assert.True(page.Value.Items.Count <= limit);
                        found.AddRange(page.Value.Items);
                        after = page.Value.Next;
                    }
                    while (after is not null);
                    Assert.Equal(found.Select(f => f.Name).Order(StringComparer.Ordinal), found.Select(f => f.Name));
                    // Names of the month before stand in the list too, with nothing spent.
                    Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal), found.Where(f => f.Requests > 0).Select(f => KeyValuePair.Create(f.Name, (f.Requests, f.CostNanoUsd))));
                    Assert.All(found.Where(f => f.Requests > 0), f => Assert.NotNull(f.LastSeenOn));
                }
            }
    }

    [Fact]
    public async Task Features_SearchedByBeginning_AndThoseWithoutAnOwner()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(8));
        await world.AddAsync([.. ((string?[])["chat", "chat-eu", "Chat", "cha%", "search", null, "chätbot", "search"]).Select(f => { var r = world.Record(PortalHost.Now()); r.Feature = f; return r; })]);
        await world.RollAsync();
        var (query, actor) = (portal.Get<FeaturesQuery>(), PortalHost.Actor(Roles.FinOps, world.Organisation));
        async Task<string[]> NamesAsync(string? search, bool unowned = false) =>
            [.. (await query.RunAsync(actor, new() { Search = search }, unowned, default)).Value.Items.Select(f => f.Name)];

        Assert.Equal(["Chat", "cha%", "chat", "chat-eu", "chätbot", "search"], await NamesAsync(null));
        Assert.Equal(["cha%", "chat", "chat-eu"], await NamesAsync("cha"));
        Assert.Equal(["cha%"], await NamesAsync("cha%"));
        Assert.Equal(["chätbot"], await NamesAsync("chä"));
        Assert.Empty(await NamesAsync("Chat-"));

        // Registered without an owner is still without one; an address of a user is that user; what was never seen is listed too.
        var user = await portal.AddUserAsync(world.Organisation, Roles.Developer);
        var create = portal.Get<CreateFeature>();
        Assert.Null((await create.RunAsync(actor, new() { Name = "chat", Description = "Talks" }, default)).Failure);
        Assert.Null((await create.RunAsync(actor, new() { Name = "search", OwnerEmail = $" {(await OneUserAsync(user)).ToUpperInvariant()} " }, default)).Failure);
        Assert.Null((await create.RunAsync(actor, new() { Name = "planned", OwnerEmail = "ada@example.com" }, default)).Failure);
        Assert.Equal(["Chat", "cha%", "chat", "chat-eu", "chätbot"], await NamesAsync(null, unowned: true));
        var page = (await query.RunAsync(actor, new(), false, default)).Value.Items.ToDictionary(f => f.Name, StringComparer.Ordinal);
        Assert.Equal(["Chat", "cha%", "chat", "chat-eu", "chätbot", "planned", "search"], page.Keys);
        Assert.Equal((user, "User", 2L), (page["search"].OwnerId!.Value, page["search"].OwnerName, page["search"].Requests));
        Assert.Equal(("ada@example.com", (DateOnly?)null, 0L), (page["planned"].OwnerEmail, page["planned"].LastSeenOn, page["planned"].Requests));
        Assert.Equal(["Chat", "cha%", "chat", "chat-eu", "chätbot"], await query.UnownedAsync(Scope.Of(actor, Permission.SeeCosts).Value, 10, default));

        // What nobody has named for long needs no owner, however many such names come first.
        await portal.ExecuteAsync($"update usage_days set day = day - 40 where organisation_id = '{world.Organisation}' and facet = 4 and value <> 'chätbot'");
        await portal.ExecuteAsync($"delete from usage_records where organisation_id = '{world.Organisation}'");
        Assert.Equal(["chätbot"], await query.UnownedAsync(Scope.Of(actor, Permission.SeeCosts).Value, 1, default));

        // Who leaves keeps the feature, and the list says that they are gone.
        await portal.ExecuteAsync($"update users set disabled_at = now() where id = '{user}'");
        Assert.True((await query.OneAsync(actor, "search", default)).Value.OwnerLeft);
    }

    [Fact]
    public async Task CreateFeature_WithFaults_NamesEachOnce_AndANameOnlyOnce()
    {
        var organisation = await portal.AddOrganisationAsync();
        var (create, actor) = (portal.Get<CreateFeature>(), PortalHost.Actor(Roles.FinOps, organisation));
        var elsewhere = await portal.AddUserAsync(await portal.AddOrganisationAsync(), Roles.Developer);

        var faults = Assert.IsType<Failure.Invalid>((await create.RunAsync(actor, new() { Name = " ", OwnerEmail = "nobody", Description = new('x', 501) }, default)).Failure);
        Assert.Equal(["name", "description", "owner_email"], faults.Faults.Select(f => f.Field));
        Assert.Equal(["owner_id"], Assert.IsType<Failure.Invalid>((await create.RunAsync(actor, new() { Name = "f", OwnerId = elsewhere }, default)).Failure).Faults.Select(f => f.Field));
        Assert.Equal(["owner_email"], Assert.IsType<Failure.Invalid>((await create.RunAsync(actor, new() { Name = "f", OwnerId = elsewhere, OwnerEmail = "a@b" }, default)).Failure).Faults.Select(f => f.Field));
        Assert.Null((await create.RunAsync(actor, new() { Name = "f" }, default)).Failure);
        Assert.Equal("name", Assert.IsType<Failure.Conflict>((await create.RunAsync(actor, new() { Name = "f" }, default)).Failure).Field);
    }

    [Fact]
    public async Task Features_WithLimitsAndABudget_TellThem_ToThoseWhoMaySeeThem()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(9));
        var record = world.Record(PortalHost.Now());
        (record.Feature, record.CostNanoUsd) = ("chat", 2_000_000_000);
        await world.AddAsync(record);
        await portal.ExecuteAsync($"""
            insert into limits (id, organisation_id, scope_kind, scope_id, unit, amount, period, on_limit, created_at, created_by)
                select gen_random_uuid(), o, 'feature', 'chat', u, 5, 'minute', 'reject', now(), 'x' from unnest(array['{world.Organisation}'::uuid, '{await portal.AddOrganisationAsync()}']) o, unnest(array['requests', 'tokens']) u;
            insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, thresholds, created_at, created_by)
                values (gen_random_uuid(), '{world.Organisation}', 'feature', 'chat', 'monthly', 4000000000, 'reject', array[80], now(), 'x')
            """);
        var query = portal.Get<FeaturesQuery>();
        var seen = Assert.Single((await query.RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), new(), false, default)).Value.Items);
        Assert.Equal((2, 4_000_000_000L, "monthly"), (seen.Limits, seen.Budgets![0].CapNanoUsd, seen.Budgets[0].Period));
        // The ledger is not there in these tests: what is settled comes from the records.
        Assert.Equal(50, seen.Budgets[0].UsedPercent);
        // What is set on features is no team lead's.
        var leads = Assert.Single((await query.RunAsync(PortalHost.Actor(Roles.TeamLead, world.Organisation, null, [.. world.Teams]), new(), false, default)).Value.Items);
        Assert.Equal(0, leads.Limits);
        Assert.Empty(leads.Budgets!);
        Assert.IsType<Failure.Forbidden>((await query.RunAsync(PortalHost.Actor(Roles.SecurityReviewer, world.Organisation), new(), false, default)).Failure);
    }

    [Fact]
    public async Task Names_OfAHundredThousand_AreWalkedByTheIndex()
    {
        var organisation = await portal.AddOrganisationAsync();
        await portal.ExecuteAsync($"""
            insert into usage_rollup_zones values ('{organisation}', 'UTC');
            insert into usage_days (organisation_id, facet, team_id, day, value, requests, errors, refused, estimated, succeeded, cache_hits, retried, extra_attempts, input_tokens, cache_read_tokens,
                cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd, wasted_nano_usd)
            select '{organisation}', 2, '00000000-0000-0000-0000-000000000000', current_date - d, 'user-' || lpad(n::text, 6, '0'), 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 5, 0
            from generate_series(1, 100000) n, generate_series(0, 2) d
            """);
        await portal.ExecuteAsync("vacuum analyze usage_days");
        var before = await ReadAsync();
        var (query, actor) = (portal.Get<EndUsersQuery>(), PortalHost.Actor(Roles.FinOps, organisation));

        var first = (await query.RunAsync(actor, new() { Limit = 50 }, default)).Value;
        var deep = (await query.RunAsync(actor, new() { Limit = 50, After = SeenNames.Cursor("user-090000") }, default)).Value;
        var found = (await query.RunAsync(actor, new() { Limit = 50, Search = "user-0777" }, default)).Value;

        Assert.Equal(("user-000001", "user-000050"), (first.Items[0].Name, first.Items[49].Name));
        Assert.Equal(("user-090001", "user-090050"), (deep.Items[0].Name, deep.Items[49].Name));
        Assert.Equal(("user-077700", "user-077749"), (found.Items[0].Name, found.Items[49].Name));
        await portal.ExecuteAsync("select pg_stat_force_next_flush()");
        // Three pages of 51 names with three days each: far from the 300,000 rows that there are.
        Assert.InRange(await ReadAsync() - before, 0, 10_000);

        async Task<long> ReadAsync() => await portal.ScalarAsync<long>("select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_user_tables where relname = 'usage_days'");
    }

    private async Task<string> OneUserAsync(Guid id) => await portal.ScalarAsync<string>($"select email from users where id = '{id}'");
}
