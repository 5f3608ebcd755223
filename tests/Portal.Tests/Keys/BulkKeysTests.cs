using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Keys;

/// <summary>Changes of several keys: all or none, and the audit says how many.</summary>
public sealed class BulkKeysTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task ExtendKeys_Several_ChangesAllOfThem_AndTheAuditSaysHowMany()
    {
        var (organisation, keys) = await KeysAsync(3);
        var (extend, actor) = (portal.Get<ExtendKeys>(), PortalHost.Actor(Roles.OrganisationAdmin, organisation));
        var until = PortalHost.Now().AddDays(90);
        await portal.ExecuteAsync($"update virtual_keys set expires_at = now() - interval '1 day' where id = '{keys[1]}'");

        Assert.Equal(new ChangedKeys(3, 0), (await extend.RunAsync(actor, new() { Ids = keys, ExpiresAt = until }, default)).Value);

        await using var db = portal.Db();
        Assert.All(await db.VirtualKeys.Where(k => keys.Contains(k.Id)).ToListAsync(), k => Assert.Equal(until, k.ExpiresAt));
        var trail = await db.AuditEntries.Where(a => a.OrganisationId == organisation).ToListAsync();
        Assert.Equal(3, trail.Count(a => a.Action == "virtual_key.update"));
        Assert.Contains("\"count\": 3", trail.Single(a => a.Action == "virtual_key.extend_many").After, StringComparison.Ordinal);
        Assert.Single(trail.Select(a => a.Revision).Distinct());

        // A second time there is nothing to do; never is said, not left out.
        Assert.Equal(new ChangedKeys(0, 3), (await extend.RunAsync(actor, new() { Ids = keys, ExpiresAt = until }, default)).Value);
        Assert.Equal(new ChangedKeys(1, 0), (await extend.RunAsync(actor, new() { Ids = [keys[0]], Never = true }, default)).Value);
        Assert.Null((await db.VirtualKeys.AsNoTracking().SingleAsync(k => k.Id == keys[0])).ExpiresAt);
        foreach (var bad in new ExtendKeysRequest[] { new() { Ids = keys }, new() { Ids = keys, ExpiresAt = until, Never = true }, new() { Ids = keys, ExpiresAt = PortalHost.Now().AddDays(-1) } })
            Assert.Equal(["expires_at"], Assert.IsType<Failure.Invalid>((await extend.RunAsync(actor, bad, default)).Failure).Faults.Select(f => f.Field));
        Assert.Equal(["ids"], Assert.IsType<Failure.Invalid>((await extend.RunAsync(actor, new() { Ids = [], Never = true }, default)).Failure).Faults.Select(f => f.Field));
    }

    [Fact]
    public async Task ExtendKeys_WithARevokedOne_OrSomebodyElses_ChangesNone()
    {
        var (organisation, keys) = await KeysAsync(2);
        var (extend, actor) = (portal.Get<ExtendKeys>(), PortalHost.Actor(Roles.OrganisationAdmin, organisation));
        await portal.ExecuteAsync($"update virtual_keys set revoked_at = now() where id = '{keys[1]}'");
        var revision = await portal.RevisionAsync();
        Assert.Contains("key-1", Assert.IsType<Failure.Conflict>((await extend.RunAsync(actor, new() { Ids = keys, Never = true }, default)).Failure).Message, StringComparison.Ordinal);
        var (_, foreign) = await KeysAsync(1);
        Assert.IsType<Failure.NotFound>((await extend.RunAsync(actor, new() { Ids = [keys[0], foreign[0]], Never = true }, default)).Failure);
        var team = await portal.AddTeamAsync(organisation);
        Assert.IsType<Failure.Forbidden>((await extend.RunAsync(PortalHost.Actor(Roles.TeamLead, organisation, null, team), new() { Ids = [keys[0]], Never = true }, default)).Failure);
        Assert.Equal(revision, await portal.RevisionAsync());
    }

    [Fact]
    public async Task AssignTierToKeys_Several_GivesItToAll_AndARefusalGivesItToNone()
    {
        var (organisation, keys) = await KeysAsync(3);
        var (assign, actor) = (portal.Get<AssignTierToKeys>(), PortalHost.Actor(Roles.OrganisationAdmin, organisation));
        await portal.ExecuteAsync($"insert into tiers (id, organisation_id, name, concurrency, created_at) values (gen_random_uuid(), '{organisation}', 'gold', 3, now())");
        Assert.Equal(["tier"], Assert.IsType<Failure.Invalid>((await assign.RunAsync(actor, new() { Ids = keys, Tier = "lead" }, default)).Failure).Faults.Select(f => f.Field));
        Assert.Equal(0, await CountAsync());

        Assert.Equal(new ChangedKeys(3, 0), (await assign.RunAsync(actor, new() { Ids = keys, Tier = "gold" }, default)).Value);
        Assert.Equal(3, await CountAsync());
        Assert.Equal(new ChangedKeys(0, 3), (await assign.RunAsync(actor, new() { Ids = keys, Tier = "gold" }, default)).Value);
        await using var db = portal.Db();
        Assert.Contains("gold", (await db.AuditEntries.SingleAsync(a => a.OrganisationId == organisation && a.Action == "virtual_key.assign_tier_many")).After, StringComparison.Ordinal);

        async Task<long> CountAsync() => await portal.ScalarAsync<long>($"select count(*) from tier_assignments where organisation_id = '{organisation}'");
    }

    [Fact]
    public async Task RevokeKeys_Several_SaysHowManyInTheAudit_AndOneAloneDoesNot()
    {
        var (organisation, keys) = await KeysAsync(3);
        var (revoke, actor) = (portal.Get<RevokeKeys>(), PortalHost.Actor(Roles.OrganisationAdmin, organisation));
        await revoke.RunAsync(actor, new() { Ids = [keys[0]] }, default);
        await using var db = portal.Db();
        Assert.Equal(["virtual_key.revoke"], await db.AuditEntries.Where(a => a.OrganisationId == organisation).Select(a => a.Action).ToListAsync());
        Assert.Equal(new RevokedKeys(2, 1), (await revoke.RunAsync(actor, new() { Ids = keys }, default)).Value);
        Assert.Contains("\"count\": 2", (await db.AuditEntries.SingleAsync(a => a.OrganisationId == organisation && a.Action == "virtual_key.revoke_many")).After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_ExpiringSoon_AreThoseThatWorkAndEndWithinTwoWeeks()
    {
        var (organisation, keys) = await KeysAsync(4);
        await portal.ExecuteAsync($"""
            update virtual_keys set expires_at = now() + interval '13 days' where id = any(array['{keys[0]}', '{keys[3]}']::uuid[]);
            update virtual_keys set expires_at = now() + interval '15 days' where id = '{keys[1]}';
            update virtual_keys set revoked_at = now() where id = '{keys[3]}'
            """);
        var page = await portal.Get<KeysQuery>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, organisation), new() { State = KeyStates.Expiring }, default);
        Assert.Equal([keys[0]], page.Value.Items.Select(k => k.Id));
    }

    private async Task<(Guid Organisation, Guid[] Keys)> KeysAsync(int count)
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        await using var db = portal.Db();
        VirtualKey[] keys = [.. Enumerable.Range(0, count).Select(i => new VirtualKey
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, TeamId = team, Name = $"key-{i}", Prefix = "agw-x", SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()), CreatedAt = PortalHost.Now(), CreatedBy = "test",
        })];
        db.AddRange(keys);
        await db.SaveChangesAsync();
        return (organisation, [.. keys.Select(k => k.Id)]);
    }
}
