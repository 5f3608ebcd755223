using System.Net;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.SignIns;

/// <summary>What signing in and changing the mapping make of users.</summary>
public sealed class SignInPersonTests(PeopleHost people) : IClassFixture<PeopleHost>
{
    [Fact]
    public async Task SignIn_WithMappedValues_MakesTheUserAndFitsItToEveryChange()
    {
        var (api, slug) = await OrganisationAsync();
        var team = await api.TeamAsync("Blue");
        var lead = (await api.MadeAsync("/api/sign-in-mappings", $$"""{"value":"leads-{{slug}}","role":"team_lead","team_id":"{{team}}"}""")).Id();
        await api.MadeAsync("/api/sign-in-mappings", $$"""{"claim":"roles","value":"audit-{{slug}}","role":"auditor"}""");

        // 1. Two values map: the wider role, and the team as its lead.
        var person = Person($"groups:leads-{slug}", $"roles:audit-{slug}", $"groups:audit-{slug}");
        await SignInAsync(person);
        Assert.Equal(("team_lead", true, team, true), await UserAsync(api, person));

        // 2. A value fewer at the provider: at the next sign-in.
        await SignInAsync(person with { Claims = [$"roles:audit-{slug}"] });
        Assert.Equal(("auditor", true, null, false), await UserAsync(api, person));
        await SignInAsync(person);

        // 3. The mapping changes: at once.
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/sign-in-mappings/{lead}", $$"""{"value":"leads-{{slug}}","role":"developer","team_id":"{{team}}"}""")).Status);
        Assert.Equal(("auditor", true, team, false), await UserAsync(api, person));

        // 4. Nothing maps any more: out, and in again.
        await SignInAsync(person with { Claims = [] });
        Assert.Equal(("auditor", false, null, false), await UserAsync(api, person));
        await SignInAsync(person);
        Assert.Equal(("auditor", true, team, false), await UserAsync(api, person));

        var actions = (await api.ItemsAsync("/api/audit?limit=200")).Select(a => a.Text("action")).ToList();
        Assert.Equal(1, actions.Count(a => a == "user.create"));
        Assert.Equal(5, actions.Count(a => a == "user.update"));
    }

    [Fact]
    public async Task SignIn_Again_ChangesNothingAndMakesNoRevision()
    {
        var (api, slug) = await OrganisationAsync();
        await api.MadeAsync("/api/sign-in-mappings", $$"""{"value":"g-{{slug}}","role":"finops"}""");
        var person = Person($"groups:g-{slug}");
        await SignInAsync(person);
        var before = await people.Portal.RevisionAsync();
        await SignInAsync(person);
        Assert.Equal(before, await people.Portal.RevisionAsync());
    }

    [Fact]
    public async Task User_ShutOutByHand_StaysOutWhateverMaps()
    {
        var (api, slug) = await OrganisationAsync();
        await api.MadeAsync("/api/sign-in-mappings", $$"""{"value":"g-{{slug}}","role":"finops"}""");
        var person = Person($"groups:g-{slug}");
        await SignInAsync(person);
        await people.Portal.ExecuteAsync($"update users set disabled_at = now(), disabled_reason = null where email = '{person.Email}'");
        await SignInAsync(person);
        Assert.False((await UserAsync(api, person)).Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task User_MadeByHand_IsTakenOverOnlyByAnAddressThatIsCertain(bool verified)
    {
        var (api, slug) = await OrganisationAsync();
        await api.MadeAsync("/api/sign-in-mappings", $$"""{"value":"g-{{slug}}","role":"org_admin"}""");
        var user = await people.Portal.AddUserAsync(api.Organisation, Roles.Developer);
        await using var db = people.Portal.Db();
        var address = (await db.Users.SingleAsync(u => u.Id == user)).Email;
        var person = Person($"groups:g-{slug}") with { Email = address, EmailVerified = verified };
        await SignInAsync(person);
        var row = await db.Users.AsNoTracking().SingleAsync(u => u.Email == address);
        // The role that was given by hand stands against the mapping; who is not certain gets neither.
        Assert.Equal((user, Roles.Developer, verified), (row.Id, row.Role, row.IdentityId is not null));
    }

    [Fact]
    public async Task Subject_NotTheAddress_IsThePerson()
    {
        var (api, slug) = await OrganisationAsync();
        await api.MadeAsync("/api/sign-in-mappings", $$"""{"value":"g-{{slug}}","role":"finops"}""");
        var person = Person($"groups:g-{slug}");
        await SignInAsync(person);
        // Another subject with the address of the first, certain or not, is somebody else and gets nothing of it.
        await SignInAsync(person with { Subject = "other-" + slug });
        Assert.Equal(1, await people.Portal.ScalarAsync<long>($"select count(*) from users where email = '{person.Email}'"));
        Assert.Equal(person.Subject, await people.Portal.ScalarAsync<string>($"select i.subject from users u join identities i on i.id = u.identity_id where u.email = '{person.Email}'"));
        // The first under a new address is the same.
        var moved = person with { Email = "new-" + person.Email };
        await SignInAsync(moved);
        Assert.True((await UserAsync(api, moved)).Active);
        Assert.Equal(0, await people.Portal.ScalarAsync<long>($"select count(*) from users where email = '{person.Email}'"));
    }

    [Fact]
    public async Task Mapping_OfOneOrganisation_GivesNothingInAnother()
    {
        var ((mine, slug), (other, _)) = (await OrganisationAsync(), await OrganisationAsync());
        await mine.MadeAsync("/api/sign-in-mappings", $$"""{"value":"g-{{slug}}","role":"org_admin"}""");
        var person = Person($"groups:g-{slug}");
        await SignInAsync(person);
        Assert.Equal(1, await people.Portal.ScalarAsync<long>($"select count(*) from users where email = '{person.Email}'"));
        var foreignTeam = await other.TeamAsync("Theirs");
        Assert.Equal(HttpStatusCode.NotFound, (await mine.PostAsync("/api/sign-in-mappings", $$"""{"value":"x","role":"developer","team_id":"{{foreignTeam}}"}""")).Status);
        Assert.Empty(await other.ItemsAsync("/api/sign-in-mappings"));
    }

    [Theory]
    [InlineData("""{"value":"x","role":"operator"}""", "role")]
    [InlineData("""{"value":"x","role":"king"}""", "role")]
    [InlineData("""{"value":"x"}""", "role")]
    [InlineData("""{"role":"auditor"}""", "value")]
    [InlineData("""{"value":"x","role":"auditor","claim":"email"}""", "claim")]
    public async Task Mapping_ThatDoesNotServe_IsRefused(string body, string field)
    {
        var (api, _) = await OrganisationAsync();
        Assert.Equal([field], await api.FaultsAsync("/api/sign-in-mappings", body));
    }

    [Fact]
    public async Task Mapping_OfTheSameValueTwice_IsAConflict()
    {
        var (api, _) = await OrganisationAsync();
        await api.MadeAsync("/api/sign-in-mappings", """{"value":"x","role":"auditor"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/sign-in-mappings", """{"value":"x","role":"finops"}""")).Status);
    }

    [Theory]
    [InlineData("org_admin", "developer,org_admin,finops")]
    [InlineData("security_reviewer", "team_lead,security_reviewer,auditor")]
    [InlineData("developer", "developer")]
    [InlineData(null, "")]
    public void Roles_ThatMap_TheFirstInOrderCounts(string? expected, string mapped)
    {
        var rows = mapped.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((r, i) => new SignInMapping { Claim = "groups", Value = $"g{i}", Role = r, CreatedBy = "t" }).ToList();
        rows.Add(new() { Claim = "roles", Value = "g0", Role = Roles.OrganisationAdmin, CreatedBy = "t" });
        Assert.Equal(expected, MappedRights.Of(rows, ["groups:g0", "groups:g1", "groups:g2", "roles:other"]).Role);
    }

    [Fact]
    public void Order_OfRoles_HoldsEveryRoleButTheOperators() =>
        Assert.Equal(Roles.All.Where(r => r != Roles.Operator).Order(StringComparer.Ordinal), MappedRights.Order.Order(StringComparer.Ordinal));

    private async Task<(PortalApi Api, string Slug)> OrganisationAsync()
    {
        var api = await PortalApi.StartAsync(people.Portal);
        return (api, api.Organisation.ToString("N"));
    }

    private Task<Guid> SignInAsync(VouchedPerson person) => people.Get<SignInPerson>().RunAsync(person, null, "192.0.2.9", default);

    private static VouchedPerson Person(params string[] claims)
    {
        var name = Guid.NewGuid().ToString("N");
        return new() { Issuer = PeopleHost.Issuer, Subject = name, Email = $"{name}@example.org", EmailVerified = true, DisplayName = "Somebody", Claims = claims };
    }

    private async Task<(string Role, bool Active, Guid? Team, bool Leads)> UserAsync(PortalApi api, VouchedPerson person)
    {
        await using var db = people.Portal.Db();
        var user = await db.Users.SingleAsync(u => u.OrganisationId == api.Organisation && u.Email == person.Email);
        var team = await db.TeamMembers.SingleOrDefaultAsync(m => m.UserId == user.Id);
        return (user.Role, user.DisabledAt is null, team?.TeamId, team?.IsLead ?? false);
    }
}
