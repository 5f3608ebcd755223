using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Overview;

/// <summary>The first page as each role: what waits, which parts there are and in which order, and whose figures they hold.</summary>
public sealed class HomeTests(PortalHost portal) : IClassFixture<PortalHost>
{
    // Parts in order, and the icons of what waits, urgent ones first; in the world below everything waits for somebody.
    private static readonly Dictionary<string, (string[] Parts, string[] Needs)> s_expected = new()
    {
        [Roles.Operator] = ([HomeParts.Money, HomeParts.Health, HomeParts.Security], ["power_off", "savings", "approval", "experiment", "key", "category"]),
        [Roles.OrganisationAdmin] = ([HomeParts.Money, HomeParts.Health, HomeParts.Security], ["power_off", "savings", "approval", "experiment", "key", "category"]),
        [Roles.Platform] = ([HomeParts.Health, HomeParts.Money], ["power_off", "savings", "experiment", "key", "category"]),
        [Roles.TeamLead] = ([HomeParts.Money, HomeParts.Health], ["savings", "approval", "key"]),
        [Roles.Developer] = ([HomeParts.Health, HomeParts.Money], ["savings", "key"]),
        [Roles.FinOps] = ([HomeParts.Money, HomeParts.Health], ["savings", "approval", "category"]),
        [Roles.SecurityReviewer] = ([HomeParts.Security], []),
        [Roles.Auditor] = ([HomeParts.Security, HomeParts.Money, HomeParts.Health], ["savings"]),
    };

    public static TheoryData<string> EveryRole() => [.. Roles.All];

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Home_AsARole_ShowsWhatWaitsForIt_AndItsPartsInItsOrder(string role)
    {
        var world = await WorldAsync();
        var (team, owner) = (world.Keys[0].Team, await portal.AddUserAsync(world.Organisation, role, world.Keys[0].Team));
        if (role == Roles.Developer) await portal.ExecuteAsync($"update virtual_keys set owner_id = '{owner}' where id = '{world.Keys[0].Id}'");
        var actor = PortalHost.Actor(role, world.Organisation, owner, team);

        var home = await portal.Get<HomeQuery>().RunAsync(actor, default);

        Assert.True(home.Failure is null, home.Failure?.Message);
        var (parts, needs) = s_expected[role];
        Assert.Equal(parts, home.Value.Order);
        Assert.Equal(needs, home.Value.Needs.Select(n => n.Icon).Distinct());
        Assert.Equal(parts.Contains(HomeParts.Money), home.Value.Money is not null);
        Assert.Equal(parts.Contains(HomeParts.Health), home.Value.Day is not null);
        Assert.Equal(parts.Contains(HomeParts.Security), home.Value.Security is not null);
        if (home.Value.Day is null) return;
        // The own team's or the own key's figures where the role ends there: three keys, one request each in the last minutes.
        Assert.Equal(role is Roles.TeamLead or Roles.Developer ? 1 : 3, home.Value.Day.Now.Requests);
        Assert.Equal(role is Roles.TeamLead or Roles.Developer ? 2_000_000_000 : 6_000_000_000, home.Value.Day.Now.CostNanoUsd);
    }

    [Fact]
    public async Task Home_WhereNothingWaits_SaysSo_AndOfAnotherOrganisationNothingIsSeen()
    {
        await WorldAsync();
        var quiet = await RollUpWorld.StartAsync(portal, new Random(3));
        foreach (var role in Roles.All)
        {
            var home = (await portal.Get<HomeQuery>().RunAsync(PortalHost.Actor(role, quiet.Organisation), default)).Value;
            Assert.Empty(home.Needs);
            Assert.Equal(0, home.Security?.Refused ?? 0);
            Assert.Empty(home.Security?.Changes ?? []);
            Assert.NotEqual(false, home.Day?.IsFirstRun);
        }
        Assert.NotNull((await portal.Get<HomeQuery>().RunAsync(PortalHost.Actor(Roles.Operator, null), default)).Failure);
    }

    [Fact]
    public async Task Needs_AreAsUrgentAsTheyAre_AndEndWhenTheyAreDealtWith()
    {
        var world = await WorldAsync();
        var (query, admin) = (portal.Get<NeedsQuery>(), PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation));
        var before = await query.RunAsync(admin, default);
        Assert.Equal(["power_off", "savings"], before.Where(n => n.IsUrgent).Select(n => n.Icon));
        Assert.Contains("used up", before.First(n => n.Icon == "savings").Text, StringComparison.Ordinal);
        Assert.Equal("1 feature has no owner", before.Single(n => n.Icon == "category").Text);
        Assert.Equal("1 key expires soon", before.Single(n => n.Icon == "key").Text);
        Assert.Contains("error rate", before.Single(n => n.Icon == "experiment").Detail, StringComparison.Ordinal);

        // An own key's request is for somebody else to decide.
        var user = await portal.AddUserAsync(world.Organisation, Roles.OrganisationAdmin);
        await portal.ExecuteAsync($"update virtual_keys set owner_id = '{user}' where id = '{world.Keys[0].Id}'");
        Assert.DoesNotContain(await query.RunAsync(admin with { UserId = user }, default), n => n.Icon == "approval");

        await portal.ExecuteAsync($"""
            update approvals set status = 'denied', decided_at = now(), decided_by = 'x' where organisation_id = '{world.Organisation}';
            update budgets set cap_nano_usd = 900000000000 where organisation_id = '{world.Organisation}';
            insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, gateway) select gen_random_uuid(), organisation_id, deployment_id, now(), 'closed', 'well again', 'g' from circuit_events where organisation_id = '{world.Organisation}';
            update canaries set ended_at = now() - interval '8 days' where organisation_id = '{world.Organisation}';
            update virtual_keys set expires_at = now() + interval '90 days' where organisation_id = '{world.Organisation}';
            insert into features (id, organisation_id, name, owner_email, created_at, created_by) values (gen_random_uuid(), '{world.Organisation}', 'chat', 'ada@example.org', now(), 'x')
            """);
        Assert.Empty(await query.RunAsync(admin, default));
    }

    [Fact]
    public async Task Money_OfToday_IsComparedWithYesterdayByThisTime()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(4));
        var now = PortalHost.Now();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        UsageRecord Spent(DateTimeOffset at, long cost)
        {
            var record = world.Record(at);
            record.CostNanoUsd = cost;
            return record;
        }
        await world.AddAsync(Spent(midnight, 5), Spent(midnight.AddDays(-1), 3), Spent(midnight.AddDays(-1) + (now - midnight) + TimeSpan.FromMinutes(1), 100));

        var money = (await portal.Get<MoneyQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), default)).Value;

        // A minute to midnight the later one of yesterday is today's.
        Assert.Equal((now - midnight) + TimeSpan.FromMinutes(1) < TimeSpan.FromDays(1) ? 5 : 105, money.Today);
        Assert.Equal(3, money.Yesterday);
        Assert.Null(money.Forecast);
    }

    [Fact]
    public async Task Security_CountsRefusalsByReason_WithoutCosts()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(5));
        UsageRecord Refused(string? error)
        {
            var record = world.Record(PortalHost.Now());
            (record.Status, record.Error) = (UsageStatuses.Refused, error);
            return record;
        }
        await world.AddAsync(Refused("guardrail_blocked"), Refused("budget_exceeded"), Refused("guardrail_blocked"), Refused(null));
        var security = (await portal.Get<SecurityQuery>().RunAsync(PortalHost.Actor(Roles.SecurityReviewer, world.Organisation), default)).Value;
        Assert.Equal(4, security.Refused);
        Assert.Equal([("guardrail_blocked", 2L), ("", 1L), ("budget_exceeded", 1L)], security.Reasons);
        Assert.NotNull((await portal.Get<SecurityQuery>().RunAsync(PortalHost.Actor(Roles.TeamLead, world.Organisation, null, [.. world.Teams]), default)).Failure);
        Assert.NotNull((await portal.Get<SecurityQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), default)).Failure);
    }

    // Everything that can wait, once: an approval of the first key, its budget used up, an open circuit, a canary rolled back, the key about to expire, and a feature without an owner.
    private async Task<RollUpWorld> WorldAsync()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(6));
        var (organisation, now) = (world.Organisation, PortalHost.Now());
        await using (var db = portal.Db())
        {
            db.VirtualKeys.AddRange(world.Keys.Select((k, i) => new VirtualKey
            {
                Id = k.Id, OrganisationId = organisation, TeamId = k.Team, Name = $"key-{i}", Prefix = "agw-x", SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()), CreatedAt = now, CreatedBy = "test",
                ExpiresAt = i == 0 ? now.AddDays(3) : i == 1 ? now.AddDays(40) : null,
            }));
            await db.SaveChangesAsync();
        }
        var (provider, deployment, key) = (PortalHost.NewId(), PortalHost.NewId(), world.Keys[0]);
        await portal.ExecuteAsync($"""
            insert into providers (id, organisation_id, slug, name, protocol, base_url, created_at, is_private, connect_timeout_ms, first_byte_timeout_ms, idle_timeout_ms)
                values ('{provider}', '{organisation}', 'p', 'P', 'openai', 'https://api.example.org/v1', now(), false, 1000, 1000, 1000);
            insert into deployments (id, organisation_id, name, provider_id, upstream_model, is_enabled, created_at) values ('{deployment}', '{organisation}', 'eu-1', '{provider}', 'm', true, now());
            insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, until, gateway) values (gen_random_uuid(), '{organisation}', '{deployment}', now() - interval '1 minute', 'open', '9 of 10 failed', now() + interval '1 hour', 'g');
            insert into canaries (id, organisation_id, model, deployment_id, sticky, shares, dwell_seconds, min_requests, status, reason, created_at, created_by, ended_at, ended_by)
                values (gen_random_uuid(), '{organisation}', 'fast', '{deployment}', 'user', array[10], array[0], 1, 'rolled_back', 'its error rate is too high', now() - interval '2 days', 'x', now() - interval '1 day', 'x');
            insert into approvals (id, organisation_id, team_id, key_id, record_id, model, expected_nano_usd, worst_case_nano_usd, threshold_nano_usd, requested_at)
                values (gen_random_uuid(), '{organisation}', '{key.Team}', '{key.Id}', gen_random_uuid(), 'm', 1, 2, 1, now());
            insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, thresholds, created_at, created_by)
                values (gen_random_uuid(), '{organisation}', 'key', '{key.Id}', 'monthly', 1000000000, 'reject', array[80], now(), 'x')
            """);
        await world.AddAsync([.. world.Keys.Take(3).Select(k =>
        {
            // Not a minute ago: that may be last month, whose budget is another one.
            var record = world.Record(now);
            (record.KeyId, record.TeamId, record.Feature, record.Status, record.CostNanoUsd) = (k.Id, k.Team, "chat", UsageStatuses.Ok, 2_000_000_000);
            return record;
        })]);
        return world;
    }
}
