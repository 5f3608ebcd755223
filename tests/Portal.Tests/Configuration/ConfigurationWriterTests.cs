using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Tests.Configuration;

/// <summary>A change, its audit, its tidings to gateways and its revision: all or nothing.</summary>
public sealed class ConfigurationWriterTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Change_ThatSucceeds_IsOneTransactionWithItsTrail()
    {
        var organisation = await portal.AddOrganisationAsync();
        var actor = PortalHost.Actor(Roles.OrganisationAdmin, organisation);
        var before = await portal.RevisionAsync();
        var team = (await portal.Get<CreateTeam>().RunAsync(actor, new() { Name = "One" }, default)).Value;

        var revision = await portal.RevisionAsync();
        Assert.Equal(before + 1, revision);
        // xmin is the transaction that wrote a row.
        Assert.Equal(1, await portal.ScalarAsync<long>($"""
            select count(distinct x) from (
                select xmin::text x from teams where id = '{team.Id}'
                union all select xmin::text from audit_entries where target_id = '{team.Id}' and revision = {revision}
                union all select xmin::text from configuration_changes where entity_id = '{team.Id}' and revision = {revision}
                union all select xmin::text from configuration_state) r
            """));
        await using var db = portal.Db();
        var entry = await db.AuditEntries.SingleAsync(a => a.TargetId == team.Id);
        Assert.Equal(("org_admin@example.org", "team.create", "team", "192.0.2.1", null), (entry.Actor, entry.Action, entry.TargetKind, entry.RemoteAddress, entry.Before));
        Assert.Equal(organisation, entry.OrganisationId);
        var change = await db.ConfigurationChanges.SingleAsync(c => c.EntityId == team.Id);
        Assert.Equal((revision, "team", organisation), (change.Revision, change.Kind, change.OrganisationId));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("thrown")]
    [InlineData("conflict")]
    public async Task Change_ThatFails_LeavesNothing(string how)
    {
        var organisation = await portal.AddOrganisationAsync();
        await portal.ExecuteAsync($"insert into teams (id, organisation_id, slug, name, created_at) values (gen_random_uuid(), '{organisation}', 'taken', 'T', now())");
        var (before, trail) = (await portal.RevisionAsync(), await portal.ScalarAsync<long>("select count(*) from audit_entries"));
        var writing = portal.Get<ConfigurationWriter>().WriteAsync<Done>(PortalHost.Actor(Roles.Operator, organisation), async (write, token) =>
        {
            var team = new Team { Id = write.NewId(), OrganisationId = organisation, Slug = how == "conflict" ? "taken" : "free", Name = "Half", CreatedAt = write.Now };
            write.Context.Teams.Add(team);
            write.Record("team.create", ConfigurationKinds.Team, team.Id, organisation, null, TeamDetails.Of(team), DocumentJson.Default.TeamDetails);
            if (how != "conflict") await write.Context.SaveChangesAsync(token);
            if (how == "thrown") throw new InvalidOperationException("in the middle");
            return how == "refused" ? new Failure.NotFound("team") : new Done();
        }, default);

        if (how == "thrown") await Assert.ThrowsAsync<InvalidOperationException>(() => writing);
        else Assert.False((await writing).Succeeded);
        if (how == "conflict") Assert.Equal("slug", Assert.IsType<Failure.Conflict>((await writing).Failure).Field);
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from teams where organisation_id = '{organisation}' and name = 'Half'"));
        Assert.Equal((before, trail), (await portal.RevisionAsync(), await portal.ScalarAsync<long>("select count(*) from audit_entries")));
    }

    [Fact]
    public async Task Changes_OfManyAtOnce_HaveGaplessRevisionsAndOneKeepsTheName()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var actor = PortalHost.Actor(Roles.OrganisationAdmin, organisation);
        var before = await portal.RevisionAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            portal.Get<IssueKey>().RunAsync(actor, new() { TeamId = team, Name = i < 10 ? "same" : $"k{i}" }, default))));

        Assert.Equal(11, results.Count(r => r.Succeeded));
        Assert.All(results.Where(r => !r.Succeeded), r => Assert.Equal("name", Assert.IsType<Failure.Conflict>(r.Failure).Field));
        Assert.Equal(before + 11, await portal.RevisionAsync());
        await using var db = portal.Db();
        var revisions = await db.ConfigurationChanges.Where(c => c.Revision > before).OrderBy(c => c.Revision).Select(c => c.Revision).ToListAsync();
        Assert.Equal(Enumerable.Range(1, 11).Select(i => before + i), revisions);
    }

    [Fact]
    public async Task Change_Committed_IsAnnouncedToGateways()
    {
        var organisation = await portal.AddOrganisationAsync();
        await using var connection = new NpgsqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Notification += (_, e) => heard.TrySetResult(e.Payload);
        await using (var listen = new NpgsqlCommand("listen configuration", connection)) await listen.ExecuteNonQueryAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var waiting = connection.WaitAsync(limit.Token);
        await portal.Get<CreateTeam>().RunAsync(PortalHost.Actor(Roles.Operator, organisation), new() { Name = "Heard" }, default);
        await waiting;
        Assert.Equal((await portal.RevisionAsync()).ToString(), await heard.Task.WaitAsync(limit.Token));
    }

    [Fact]
    public async Task Change_WhoseConnectionIsLost_HappensOnce()
    {
        var organisation = await portal.AddOrganisationAsync();
        var tries = 0;
        var result = await portal.Get<ConfigurationWriter>().WriteAsync<Guid>(PortalHost.Actor(Roles.Operator, organisation), async (write, token) =>
        {
            var team = new Team { Id = write.NewId(), OrganisationId = organisation, Slug = "once", Name = "Once", CreatedAt = write.Now };
            write.Context.Teams.Add(team);
            write.Record("team.create", ConfigurationKinds.Team, team.Id, organisation, null, TeamDetails.Of(team), DocumentJson.Default.TeamDetails);
            // The server ends the first try's connection, as at a failover.
            if (tries++ == 0)
                await write.Context.Database.ExecuteSqlAsync($"select pg_terminate_backend(pg_backend_pid())", token);
            return team.Id;
        }, default);
        Assert.True(result.Succeeded);
        Assert.Equal(2, tries);
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from teams where organisation_id = '{organisation}'"));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from audit_entries where target_id = '{result.Value}'"));
    }
}
