using System.Security.Cryptography;
using AspireGateway.Portal.Audit.Chain;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireGateway.Portal.Tests.Audit;

/// <summary>Audit entries hang together: whatever is done to one behind the portal's back is found, and nothing that is done through it.</summary>
public sealed class AuditChainTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const int Entries = 12;

    [Fact]
    public async Task Chain_OfWhatManyChangedAtOnce_IsIntact_AndEveryEntryHasItsNumber()
    {
        var organisation = await portal.AddOrganisationAsync();
        var actor = PortalHost.Actor(Roles.OrganisationAdmin, organisation);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => portal.Get<CreateTeam>().RunAsync(actor, new() { Name = $"Team {i} \"ünï\" <&>", Slug = $"t-{i}" }, default)));

        var found = await VerifyAsync(organisation);
        Assert.Equal((true, 40, 0, null), (found.IsIntact, found.Entries, found.Seals, found.SealedTo));
        Assert.Equal("40 1 40", await portal.ScalarAsync<string>($"select count(*) || ' ' || min(seq) || ' ' || max(seq) from audit_entries where organisation_id = '{organisation}'"));

        await SealAsync(portal.Get<SecretBox>());
        var sealedNow = await VerifyAsync(organisation);
        Assert.Equal((true, 1, 40), (sealedNow.IsIntact, sealedNow.Seals, sealedNow.SealedTo));
        Assert.Equal(found.Head, sealedNow.Head);
        // What did not go on is not sealed again.
        await SealAsync(portal.Get<SecretBox>());
        Assert.Equal(1, (await VerifyAsync(organisation)).Seals);
        await portal.Get<CreateTeam>().RunAsync(actor, new() { Name = "One more", Slug = "more" }, default);
        await SealAsync(portal.Get<SecretBox>());
        Assert.Equal((true, 2, 41), (await VerifyAsync(organisation)) is { } more ? (more.IsIntact, more.Seals, more.SealedTo) : default);
    }

    [Theory]
    [InlineData("update audit_entries set actor = 'somebody else' where {0} and seq = 5", 5)]
    [InlineData("update audit_entries set after = jsonb_set(after, '{{name}}', '\"Other\"') where {0} and seq = 1", 1)]
    [InlineData("update audit_entries set at = at + interval '1 microsecond' where {0} and seq = 12", 12)]
    [InlineData("update audit_entries set before = '{{}}' where {0} and seq = 2", 2)]
    [InlineData("update audit_entries set remote_address = null where {0} and seq = 3", 3)]
    [InlineData("update audit_entries set undoes = gen_random_uuid() where {0} and seq = 9", 9)]
    [InlineData("update audit_entries set revision = revision + 1 where {0} and seq = 4", 4)]
    [InlineData("update audit_entries set hash = sha256('x') where {0} and seq = 6", 6)]
    [InlineData("delete from audit_entries where {0} and seq = 7", 8)]
    [InlineData("delete from audit_entries where {0} and seq = 1", 2)]
    [InlineData("delete from audit_entries where {0} and seq = 12", 12)]
    [InlineData("delete from audit_entries where {0}", 12)]
    // Two change places.
    [InlineData("update audit_entries set seq = -seq where {0} and seq in (3, 4); update audit_entries set seq = 7 + seq where {0} and seq < 0", 3)]
    // One is taken out, and the others close up.
    [InlineData("delete from audit_entries where {0} and seq = 7; update audit_entries set seq = -seq where {0} and seq > 7; update audit_entries set seq = -seq - 1 where {0} and seq < 0", 7)]
    public async Task Tampering_WithOneRow_IsFoundAtItsPlace(string tampering, int at)
    {
        var organisation = await WrittenAsync();
        await SealAsync(portal.Get<SecretBox>());
        Assert.True((await VerifyAsync(organisation)).IsIntact);

        await portal.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, tampering, $"organisation_id = '{organisation}'"));

        var found = await VerifyAsync(organisation);
        Assert.False(found.IsIntact);
        Assert.Equal(at, found.Faults[0].Seq);
    }

    [Fact]
    public async Task Chain_WrittenAnewAsAWhole_IsFoundByItsSeal_UnlessItWasNeverSealed()
    {
        var organisation = await WrittenAsync();
        await SealAsync(portal.Get<SecretBox>());
        await AnewAsync(organisation);
        var found = await VerifyAsync(organisation);
        Assert.Equal([Entries], found.Faults.Select(f => (int)f.Seq));
        Assert.Contains("another one than the seal", found.Faults[0].Message, StringComparison.Ordinal);

        // Whoever makes a seal to go with it does not have the key.
        await portal.ExecuteAsync($"delete from audit_seals where organisation_id = '{organisation}'");
        await SealAsync(new SecretBox(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        Assert.Contains("not made by a portal", Assert.Single((await VerifyAsync(organisation)).Faults).Message, StringComparison.Ordinal);

        await portal.ExecuteAsync($"delete from audit_seals where organisation_id = '{organisation}'");
        Assert.True((await VerifyAsync(organisation)).IsIntact);
    }

    [Fact]
    public async Task Seal_OfAnEarlierMasterKey_StillCounts()
    {
        var organisation = await WrittenAsync();
        var (old, current) = (Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        await SealAsync(new SecretBox(old));
        Assert.True((await new VerifyAudit(portal.Get<NpgsqlDataSource>(), new SecretBox(current, [old])).OfAsync(organisation, default)).IsIntact);
        Assert.False((await new VerifyAudit(portal.Get<NpgsqlDataSource>(), new SecretBox(current)).OfAsync(organisation, default)).IsIntact);
    }

    [Fact]
    public async Task Verb_SaysWhichOrganisationWasTamperedWith_AndLeavesWithAnotherCode()
    {
        string[] settings = [$"--ConnectionStrings:gatewaydb={portal.ConnectionString}", $"--Gateway:MasterKey={PortalHost.MasterKey}"];
        var organisation = await WrittenAsync();
        var slug = await portal.ScalarAsync<string>($"select slug from organisations where id = '{organisation}'");
        await portal.ExecuteAsync($"update audit_entries set actor = 'x' where organisation_id = '{organisation}' and seq = 2");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        Assert.Equal(3, await VerifyAuditVerb.RunAsync(settings, output, errors));
        Assert.Contains($"{slug}: {Entries} entries, TAMPERED WITH", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  entry 2 (", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", errors.ToString());

        Assert.Equal(1, await VerifyAuditVerb.RunAsync(["--Gateway:MasterKey=" + PortalHost.MasterKey], output, errors));
        Assert.StartsWith("verify-audit: no connection string", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Roles.Auditor, true)]
    [InlineData(Roles.SecurityReviewer, true)]
    [InlineData(Roles.Operator, true)]
    [InlineData(Roles.TeamLead, false)]
    [InlineData(Roles.Platform, false)]
    [InlineData(Roles.Developer, false)]
    public async Task Verification_IsForThoseWhoSeeTheWholeAudit(string role, bool may)
    {
        var result = await portal.Get<VerifyAudit>().RunAsync(PortalHost.Actor(role, await portal.AddOrganisationAsync()), default);
        if (may) Assert.True(result.Value.IsIntact);
        else Assert.IsType<Failure.Forbidden>(result.Failure);
    }

    private async Task<Guid> WrittenAsync()
    {
        var organisation = await portal.AddOrganisationAsync();
        var actor = PortalHost.Actor(Roles.OrganisationAdmin, organisation) with { RemoteAddress = "192.0.2.7" };
        for (var i = 0; i < Entries; i++) Assert.Null((await portal.Get<CreateTeam>().RunAsync(actor, new() { Name = $"Team {i}", Slug = $"t-{i}" }, default)).Failure);
        return organisation;
    }

    // As somebody who can write the database would: an entry is changed, and every hash from there on made to fit.
    private async Task AnewAsync(Guid organisation)
    {
        await portal.ExecuteAsync($"""
            update audit_entries set actor = 'somebody else' where organisation_id = '{organisation}' and seq = 3;
            do $$
            declare e audit_entries; last bytea = '';
            begin
                for e in select * from audit_entries where organisation_id = '{organisation}' order by seq loop
                    last = sha256(last || convert_to(audit_said(e), 'UTF8'));
                    update audit_entries set hash = last where id = e.id;
                end loop;
            end $$;
            """);
    }

    private Task<AuditVerification> VerifyAsync(Guid organisation) => portal.Get<VerifyAudit>().OfAsync(organisation, default);

    private Task<int> SealAsync(SecretBox box) => new SealAudit(portal.Get<NpgsqlDataSource>(), box, TimeProvider.System, NullLogger<SealAudit>.Instance).RunAsync(default);
}
