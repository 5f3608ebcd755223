using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Teams.Members;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Users;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Users;

/// <summary>Who may sign in, and who changes what they may do.</summary>
public sealed class UsersTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task People_AreSeenWhole_ByAdmins_AndByLeadsAsFarAsTheirTeams()
    {
        var organisation = await portal.AddOrganisationAsync();
        var (mine, other) = (await portal.AddTeamAsync(organisation), await portal.AddTeamAsync(organisation));
        var ada = await PersonAsync(organisation, "ada", Roles.Developer, mine, other);
        var bo = await PersonAsync(organisation, "bo", Roles.TeamLead, other);
        var gone = await PersonAsync(organisation, "gone", Roles.Auditor, mine);
        await PersonAsync(await portal.AddOrganisationAsync(), "elsewhere", Roles.Developer);
        await portal.ExecuteAsync($"update users set disabled_at = now() where id = '{gone}'");
        var identity = PeopleHost.NewIdentity();
        await using (var db = portal.Db())
        {
            db.Add(identity);
            await db.SaveChangesAsync();
        }
        await portal.ExecuteAsync($"""
            update users set identity_id = '{identity.Id}' where id = '{ada}';
            insert into portal_sessions (id, identity_id, created_at, seen_at, idle_seconds, expires_at, ended_at) values
                (gen_random_uuid(), '{identity.Id}', now(), now() + interval '1 minute', 3600, now() + interval '1 day', null),
                (gen_random_uuid(), '{identity.Id}', now(), now() - interval '2 hours', 3600, now() + interval '1 day', null),
                (gen_random_uuid(), '{identity.Id}', now(), now(), 3600, now() + interval '1 day', now())
            """);
        var query = portal.Get<PeopleQuery>();
        var admin = PortalHost.Actor(Roles.OrganisationAdmin, organisation);

        var all = (await query.RunAsync(admin, new(), default)).Value.Items;
        Assert.Equal([ada, bo], all.Select(p => p.Id));
        Assert.Equal((1, true, 2), (all[0].Sessions, all[0].HasSignedIn, all[0].Teams.Count));
        Assert.True(all[0].LastSeenAt > PortalHost.Now());
        Assert.Null(all[1].LastSeenAt);
        Assert.True(Assert.Single(all[1].Teams).IsLead);
        Assert.Equal(3, (await query.RunAsync(admin, new() { IncludeDisabled = true }, default)).Value.Items.Count);
        Assert.Equal([bo], (await query.RunAsync(admin, new() { Search = "BO" }, default)).Value.Items.Select(p => p.Id));
        Assert.Equal([bo], (await query.RunAsync(admin, new() { Role = Roles.TeamLead }, default)).Value.Items.Select(p => p.Id));
        var first = (await query.RunAsync(admin, new() { Limit = 1 }, default)).Value;
        Assert.Equal([bo], (await query.RunAsync(admin, new() { Limit = 1, After = first.Next }, default)).Value.Items.Select(p => p.Id));

        var lead = PortalHost.Actor(Roles.TeamLead, organisation, null, mine);
        var seen = Assert.Single((await query.RunAsync(lead, new(), default)).Value.Items);
        Assert.Equal((ada, mine), (seen.Id, Assert.Single(seen.Teams).Id));
        Assert.IsType<Failure.NotFound>((await query.OneAsync(lead, bo, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await query.RunAsync(PortalHost.Actor(Roles.FinOps, organisation), new(), default)).Failure);
    }

    [Fact]
    public async Task SetRole_ByHand_StaysAndIsAudited_AndNobodyChangesTheirOwn()
    {
        var organisation = await portal.AddOrganisationAsync();
        var person = await PersonAsync(organisation, "ada", Roles.Developer);
        await portal.ExecuteAsync($"update users set role_source = 'mapping' where id = '{person}'");
        var (set, admin) = (portal.Get<SetRole>(), PortalHost.Actor(Roles.OrganisationAdmin, organisation));

        Assert.Equal(["role"], Assert.IsType<Failure.Invalid>((await set.RunAsync(admin, person, new() { Role = Roles.Operator }, default)).Failure).Faults.Select(f => f.Field));
        Assert.Equal(["role"], Assert.IsType<Failure.Invalid>((await set.RunAsync(admin, person, new(), default)).Failure).Faults.Select(f => f.Field));
        Assert.IsType<Failure.Forbidden>((await set.RunAsync(admin with { UserId = person }, person, new() { Role = Roles.Auditor }, default)).Failure);
        var changed = (await set.RunAsync(admin, person, new() { Role = Roles.FinOps }, default)).Value;
        Assert.Equal((Roles.FinOps, RoleSources.Manual), (changed.Role, changed.RoleSource));
        var revision = await portal.RevisionAsync();
        Assert.Null((await set.RunAsync(admin, person, new() { Role = Roles.FinOps }, default)).Failure);
        Assert.Equal(revision, await portal.RevisionAsync());
        await using var db = portal.Db();
        var entry = await db.AuditEntries.SingleAsync(a => a.TargetId == person);
        Assert.Equal("user.set_role", entry.Action);
        Assert.Contains("\"developer\"", entry.Before, StringComparison.Ordinal);

        await portal.ExecuteAsync($"update users set disabled_at = now() where id = '{person}'");
        Assert.IsType<Failure.Conflict>((await set.RunAsync(admin, person, new() { Role = Roles.Auditor }, default)).Failure);
    }

    [Fact]
    public async Task SetRole_ToTheMapping_GivesWhatItSays_TeamsIncluded_OrSaysWhyNot()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var (person, left) = (await PersonAsync(organisation, "ada", Roles.Developer), await portal.AddTeamAsync(organisation));
        var (set, admin) = (portal.Get<SetRole>(), PortalHost.Actor(Roles.OrganisationAdmin, organisation));
        var mapping = new SetRoleRequest { RoleSource = RoleSources.Mapping };
        Assert.Contains("not signed in", Assert.IsType<Failure.Conflict>((await set.RunAsync(admin, person, mapping, default)).Failure).Message, StringComparison.Ordinal);

        var identity = PeopleHost.NewIdentity("groups:leads");
        await using (var db = portal.Db())
        {
            db.Add(identity);
            db.Add(new TeamMember { TeamId = left, UserId = person });
            await db.SaveChangesAsync();
            await db.Users.Where(u => u.Id == person).ExecuteUpdateAsync(u => u.SetProperty(x => x.IdentityId, identity.Id));
        }
        Assert.Contains("No row", Assert.IsType<Failure.Conflict>((await set.RunAsync(admin, person, mapping, default)).Failure).Message, StringComparison.Ordinal);
        await using (var db = portal.Db())
        {
            db.Add(new SignInMapping { Id = PortalHost.NewId(), OrganisationId = organisation, Claim = SignInClaims.Groups, Value = "leads", Role = Roles.TeamLead, TeamId = team, CreatedAt = PortalHost.Now(), CreatedBy = "x" });
            await db.SaveChangesAsync();
        }
        Assert.Equal(["role"], Assert.IsType<Failure.Invalid>((await set.RunAsync(admin, person, mapping with { Role = Roles.Auditor }, default)).Failure).Faults.Select(f => f.Field));
        var mapped = (await set.RunAsync(admin, person, mapping, default)).Value;
        Assert.Equal((Roles.TeamLead, RoleSources.Mapping), (mapped.Role, mapped.RoleSource));
        Assert.Equal([$"{team} (lead)"], mapped.Teams);
    }

    [Fact]
    public async Task Members_AreTakenInAndOut_ByLeadsOfTheTeam_AndOthersStayAsTheyAre()
    {
        var organisation = await portal.AddOrganisationAsync();
        var (mine, other) = (await portal.AddTeamAsync(organisation), await portal.AddTeamAsync(organisation));
        var (self, ada, mapped) = (await PersonAsync(organisation, "lead", Roles.TeamLead, mine), await PersonAsync(organisation, "ada", Roles.Developer, other), await PersonAsync(organisation, "mapped", Roles.Developer, mine));
        await portal.ExecuteAsync($"update users set role_source = 'mapping' where id = '{mapped}'");
        await PersonAsync(await portal.AddOrganisationAsync(), "elsewhere", Roles.Developer);
        var gone = await PersonAsync(organisation, "gone", Roles.Developer);
        await portal.ExecuteAsync($"update users set disabled_at = now() where id = '{gone}'");
        var (set, remove, people, lead) = (portal.Get<SetMember>(), portal.Get<RemoveMember>(), portal.Get<PeopleQuery>(), PortalHost.Actor(Roles.TeamLead, organisation, self, mine));

        var added = (await set.RunAsync(lead, mine, new() { Email = " ADA@example.org" }, default)).Value;
        Assert.Equal((ada, false), (added.UserId, added.IsLead));
        Assert.Equal([ada, self, mapped], (await people.RunAsync(lead, new() { TeamId = mine }, default)).Value.Items.Select(p => p.Id));
        Assert.True((await set.RunAsync(lead, mine, new() { Email = "ada@example.org", IsLead = true }, default)).Value.IsLead);
        // The same again is no change.
        var revision = await portal.RevisionAsync();
        Assert.Null((await set.RunAsync(lead, mine, new() { Email = "ada@example.org", IsLead = true }, default)).Failure);
        Assert.Equal(revision, await portal.RevisionAsync());
        // Whoever lists another team's members sees none of them.
        Assert.Empty((await people.RunAsync(lead, new() { TeamId = other }, default)).Value.Items);

        Assert.IsType<Failure.Forbidden>((await set.RunAsync(lead, other, new() { Email = "ada@example.org" }, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await set.RunAsync(lead, mine, new() { Email = "lead@example.org" }, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await remove.RunAsync(lead, mine, self, default)).Failure);
        Assert.Contains("sign-in mapping", Assert.IsType<Failure.Conflict>((await set.RunAsync(lead, mine, new() { Email = "mapped@example.org", IsLead = true }, default)).Failure).Message, StringComparison.Ordinal);
        Assert.IsType<Failure.Conflict>((await remove.RunAsync(lead, mine, mapped, default)).Failure);
        Assert.IsType<Failure.Conflict>((await set.RunAsync(lead, mine, new() { Email = "gone@example.org" }, default)).Failure);
        foreach (var unknown in (string[])["elsewhere@example.org", "nobody@example.org", ""])
            Assert.Equal(["email"], Assert.IsType<Failure.Invalid>((await set.RunAsync(lead, mine, new() { Email = unknown }, default)).Failure).Faults.Select(f => f.Field));

        Assert.Null((await remove.RunAsync(lead, mine, ada, default)).Failure);
        Assert.IsType<Failure.NotFound>((await remove.RunAsync(lead, mine, ada, default)).Failure);
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from team_members where user_id = '{ada}' and team_id = '{other}'"));
        // The lead reads it in the audit of their teams.
        var audit = (await portal.Get<Portal.Audit.AuditQuery>().RunAsync(lead, new(), default)).Value.Items;
        Assert.Equal(["team.remove_member", "team.change_member", "team.add_member"], audit.Select(a => a.Action));
    }

    private async Task<Guid> PersonAsync(Guid organisation, string name, string role, params Guid[] teams)
    {
        var id = await portal.AddUserAsync(organisation, role, teams);
        await portal.ExecuteAsync($"update users set email = '{name}@example.org', display_name = '{name}' where id = '{id}'");
        return id;
    }
}
