using System.Security.Claims;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Users;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.SignIns;

/// <summary>When sessions end, and that the end is asked for at each use.</summary>
public sealed class SessionsTests(PeopleHost people) : IClassFixture<PeopleHost>
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Session_Used_LastsUntilItsEndAndNoLonger()
    {
        var clock = new ManualClock(s_start);
        var sessions = Sessions(clock);
        var id = await sessions.OpenAsync((await people.AddIdentityAsync()).Id, local: false, null, default);
        // Used every 50 minutes of its 12 hours.
        for (; clock.Now < s_start.AddHours(11.5); clock.Now += TimeSpan.FromMinutes(50)) Assert.NotNull(await sessions.FindAsync(id, use: true, default));
        clock.Now = s_start.AddHours(12);
        Assert.Null(await sessions.FindAsync(id, use: true, default));
    }

    [Fact]
    public async Task Session_NotUsedForAnHour_IsOverAlsoWhenAPageKeepsAsking()
    {
        var clock = new ManualClock(s_start);
        var sessions = Sessions(clock);
        var id = await sessions.OpenAsync((await people.AddIdentityAsync()).Id, local: false, null, default);
        for (; clock.Now < s_start.AddMinutes(60); clock.Now += TimeSpan.FromMinutes(5)) Assert.NotNull(await sessions.FindAsync(id, use: false, default));
        Assert.Null(await sessions.FindAsync(id, use: true, default));
    }

    [Fact]
    public async Task Session_Ended_GivesTheIdTokenBackOnceAndIsGone()
    {
        var sessions = Sessions(new ManualClock(s_start));
        var id = await sessions.OpenAsync((await people.AddIdentityAsync()).Id, local: false, "an.id.token", default);
        Assert.Equal(0, await people.Portal.ScalarAsync<long>("select count(*) from portal_sessions where position('an.id.token'::bytea in id_token_envelope) > 0"));
        Assert.Equal("an.id.token", await sessions.EndAsync(id, default));
        Assert.Null(await sessions.EndAsync(id, default));
        Assert.Null(await sessions.FindAsync(id, use: true, default));
    }

    [Fact]
    public async Task Session_WhoseProviderIsNotConfiguredAnyMore_IsOver()
    {
        var organisation = await people.Portal.AddOrganisationAsync();
        var person = await people.AddPersonAsync(organisation, Roles.Developer);
        var principal = await PrincipalAsync(person);
        Assert.Equal([Roles.Developer], (await people.Get<ActorSource>().GetAsync(principal, null, null, default)).Value.Roles);
        await using var other = people.With(("Portal:Oidc:Authority", "https://other.example.org"));
        var elsewhere = (ActorSource)other.Services.GetService(typeof(ActorSource))!;
        Assert.Equal(ActorSource.SessionEnded, (await elsewhere.GetAsync(principal, null, null, default)).Failure);
    }

    [Fact]
    public async Task Role_TakenAway_IsGoneAtTheNextUse()
    {
        var organisation = await people.Portal.AddOrganisationAsync();
        var person = await people.AddPersonAsync(organisation, Roles.OrganisationAdmin);
        var principal = await PrincipalAsync(person);
        var actors = people.Get<ActorSource>();
        Assert.True((await actors.GetAsync(principal, null, null, default)).Succeeded);

        await people.Portal.ExecuteAsync($"update users set role = 'auditor' where identity_id = '{person.Id}'");
        Assert.Equal([Roles.Auditor], (await actors.GetAsync(principal, null, null, default)).Value.Roles);

        await people.Portal.ExecuteAsync($"update users set disabled_at = now() where identity_id = '{person.Id}'");
        Assert.Equal(ActorSource.NoRole, (await actors.GetAsync(principal, null, null, default)).Failure);
    }

    [Fact]
    public async Task Sessions_EndedByAnAdmin_AreOverOnEveryDevice_AndNobodyElses()
    {
        var organisation = await people.Portal.AddOrganisationAsync();
        var (person, other) = (await people.AddPersonAsync(organisation, Roles.Developer), await people.AddPersonAsync(organisation, Roles.Developer));
        var (laptop, phone, others) = (await PrincipalAsync(person), await PrincipalAsync(person), await PrincipalAsync(other));
        var (admin, user) = (PortalHost.Actor(Roles.OrganisationAdmin, organisation), await people.Portal.ScalarAsync<Guid>($"select id from users where identity_id = '{person.Id}'"));
        await people.Portal.Get<SetRole>().RunAsync(admin, user, new() { Role = Roles.FinOps }, default);

        var ended = (await people.Portal.Get<EndSessions>().RunAsync(admin, user, default)).Value;

        Assert.Equal((user, (await PersonAsync(admin, user)).Email, 2), (ended.UserId, ended.Email, ended.Ended));
        var actors = people.Get<ActorSource>();
        foreach (var device in (ClaimsPrincipal[])[laptop, phone]) Assert.Equal(ActorSource.SessionEnded, (await actors.GetAsync(device, null, null, default)).Failure);
        Assert.True((await actors.GetAsync(others, null, null, default)).Succeeded);
        Assert.Equal(0, (await PersonAsync(admin, user)).Sessions);
        // Where none stands there is nothing to tell.
        var revision = await people.Portal.RevisionAsync();
        Assert.Equal(0, (await people.Portal.Get<EndSessions>().RunAsync(admin, user, default)).Value.Ended);
        Assert.Equal(revision, await people.Portal.RevisionAsync());
        var told = (await people.Portal.Get<AuditQuery>().RunAsync(admin, new() { TargetId = user }, default)).Value.Items;
        Assert.Equal(["user.end_sessions", "user.set_role"], told.Select(t => t.Action));
        Assert.Equal("User sessions ended", AuditWords.Title(told[0]));
        // It bars no undo of what was changed before.
        Assert.True((await people.Portal.Get<UndoChange>().RunAsync(admin, told[1].Id, default)).Succeeded);
        Assert.Contains("signs in again", Assert.IsType<Failure.Conflict>((await people.Portal.Get<UndoChange>().RunAsync(admin, told[0].Id, default)).Failure).Message, StringComparison.Ordinal);
        // They may come back at once.
        Assert.True((await actors.GetAsync(await PrincipalAsync(person), null, null, default)).Succeeded);
    }

    [Fact]
    public async Task Person_InTwoOrganisations_ActsInTheChosenOneAndNoOther()
    {
        var (one, two, foreign) = (await people.Portal.AddOrganisationAsync(), await people.Portal.AddOrganisationAsync(), await people.Portal.AddOrganisationAsync());
        var person = await people.AddPersonAsync(one, Roles.OrganisationAdmin);
        var second = await people.Portal.AddUserAsync(two, Roles.Developer);
        await people.Portal.ExecuteAsync($"update users set identity_id = '{person.Id}' where id = '{second}'");
        var principal = await PrincipalAsync(person);
        var session = Guid.Parse(principal.FindFirstValue(ActorSource.SessionClaim)!);
        var actors = people.Get<ActorSource>();
        Assert.Equal(one, (await actors.GetAsync(principal, null, null, default)).Value.OrganisationId);

        await people.Get<Sessions>().ChooseAsync(session, two, default);
        var chosen = (await actors.GetAsync(principal, null, null, default)).Value;
        Assert.Equal((two, Roles.Developer), (chosen.OrganisationId!.Value, chosen.Roles[0]));
        // A page that was opened before goes on in its own.
        Assert.Equal(one, (await actors.GetAsync(principal, null, null, default, held: one)).Value.OrganisationId);

        await people.Get<Sessions>().ChooseAsync(session, foreign, default);
        Assert.Equal(one, (await actors.GetAsync(principal, null, null, default)).Value.OrganisationId);
        Assert.False(await people.Get<AspireGateway.Portal.Organisations.OrganisationsQuery>().MayOpenAsync(chosen, foreign, default));
        Assert.True(await people.Get<AspireGateway.Portal.Organisations.OrganisationsQuery>().MayOpenAsync(chosen, two, default));
        var seen = await people.Get<AspireGateway.Portal.Organisations.OrganisationsQuery>().RunAsync(chosen, null, 200, default);
        Assert.Equal(new[] { one, two }.Order(), seen.Value.Items.Select(o => o.Id).Order());
    }

    [Fact]
    public async Task Principal_ThatNamesNoSession_IsNobodyWhateverRolesItClaims()
    {
        var forged = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "x"), new(ClaimTypes.Role, Roles.Operator)], "Cookies", ClaimTypes.Name, ClaimTypes.Role));
        Assert.Equal(ActorSource.SessionEnded, (await people.Get<ActorSource>().GetAsync(forged, null, null, default)).Failure);
    }

    private async Task<PersonRow> PersonAsync(Actor actor, Guid user) => (await people.Portal.Get<PeopleQuery>().OneAsync(actor, user, default)).Value;

    private async Task<ClaimsPrincipal> PrincipalAsync(Identity person) =>
        SessionCookie.Principal(await people.Get<Sessions>().OpenAsync(person.Id, local: false, null, default), person.Email);

    private Sessions Sessions(TimeProvider clock) => new(people.Get<NpgsqlDataSource>(), people.Get<SecretBox>(), new SessionSettings(), clock);
}
