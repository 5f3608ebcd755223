using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Playground;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Portal.Tests.Playground;

/// <summary>Whose key a question is asked with, what bounds it, and that nothing is left of it.</summary>
public sealed class PlaygroundKeysTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly ManualClock clock = new(PortalHost.Now());

    public static TheoryData<string, bool, bool> Table()
    {
        var table = new TheoryData<string, bool, bool>();
        foreach (var role in Roles.All)
        {
            var everywhere = role is Roles.Operator or Roles.OrganisationAdmin or Roles.Platform;
            table.Add(role, everywhere || role is Roles.TeamLead or Roles.Developer, everywhere);
        }
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Key_AsRole_IsForOwnTeamsOfThoseWhoMayIssue(string role, bool ownTeam, bool otherTeam)
    {
        var (home, team) = await HomeAsync();
        var user = await portal.AddUserAsync(home, role, team);
        var actor = PortalHost.Actor(role, home, user, team);
        await using var keys = Keys();

        var query = await portal.Get<PlaygroundQuery>().RunAsync(actor, default);
        Assert.Equal(ownTeam, query.Succeeded);
        Assert.Equal(ownTeam, (await keys.OpenAsync(actor, team, default)).Succeeded);
        var other = await portal.AddTeamAsync(home);
        Assert.Equal(otherTeam, (await keys.OpenAsync(actor, other, default)).Succeeded);
        var (_, foreign) = await HomeAsync();
        var before = await portal.RevisionAsync();
        Assert.True((await keys.OpenAsync(actor, foreign, default)).Failure is Failure.Forbidden or Failure.NotFound);
        Assert.Equal(before, await portal.RevisionAsync());
        if (ownTeam && !otherTeam) Assert.Equal([team], query.Value.Teams.Select(t => t.Id));
    }

    [Fact]
    public async Task Key_IsThePersonsOwn_ShortLived_AndBookedOnThemAndTheFeature()
    {
        var (home, team) = await HomeAsync();
        var user = await portal.AddUserAsync(home, Roles.TeamLead, team);
        var lead = PortalHost.Actor(Roles.TeamLead, home, user, team);
        await using var keys = Keys();
        var secret = (await keys.OpenAsync(lead, team, default)).Value;

        var key = Assert.Single(await KeysOfAsync(team));
        Assert.Equal((user, lead.Name, PlaygroundKeys.Feature, clock.Now + PlaygroundKeys.Lifetime), (key.OwnerId, key.UserId, key.Feature, key.ExpiresAt));
        Assert.Equal(VirtualKeySecret.Hash(secret), key.SecretHash);
        Assert.Equal(lead.Name, key.CreatedBy);
    }

    [Fact]
    public async Task Key_IsUsedAgain_ReplacedBeforeItsEnd_AndRevokedWithTheTab()
    {
        var (home, team) = await HomeAsync();
        var lead = PortalHost.Actor(Roles.OrganisationAdmin, home, await portal.AddUserAsync(home, Roles.OrganisationAdmin));
        string first, next;
        await using (var keys = Keys())
        {
            first = (await keys.OpenAsync(lead, team, default)).Value;
            Assert.Equal(first, (await keys.OpenAsync(lead, team, default)).Value);
            clock.Now += PlaygroundKeys.Lifetime - TimeSpan.FromMinutes(5);
            next = (await keys.OpenAsync(lead, team, default)).Value;
            Assert.NotEqual(first, next);
            Assert.Equal([true, false], (await KeysOfAsync(team)).Select(k => k.RevokedAt is not null));
        }
        Assert.All(await KeysOfAsync(team), k => Assert.NotNull(k.RevokedAt));
    }

    [Fact]
    public async Task Right_LostBetweenQuestions_EndsThem()
    {
        var (home, team) = await HomeAsync();
        var user = await portal.AddUserAsync(home, Roles.Developer, team);
        await using var keys = Keys();
        Assert.True((await keys.OpenAsync(PortalHost.Actor(Roles.Developer, home, user, team), team, default)).Succeeded);
        Assert.IsType<Failure.Forbidden>((await keys.OpenAsync(PortalHost.Actor(Roles.Auditor, home, user, team), team, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await keys.OpenAsync(PortalHost.Actor(Roles.Developer, home, user), team, default)).Failure);
    }

    [Fact]
    public async Task Person_WithALongName_StillGetsAKey()
    {
        var (home, team) = await HomeAsync();
        var user = await portal.AddUserAsync(home, Roles.Developer, team);
        await using var keys = Keys();
        var opened = await keys.OpenAsync(PortalHost.Actor(Roles.Developer, home, user, team) with { Name = new string('a', 200) + "@example.org" }, team, default);
        Assert.True(opened.Succeeded, opened.Failure?.Message);
        Assert.Equal(user.ToString(), Assert.Single(await KeysOfAsync(team)).UserId);
    }

    [Fact]
    public async Task SecretQuestionAndAnswer_AreNowhereButInTheCircuit()
    {
        const string Question = "canary-question-91c7", System = "canary-system-52fe", Reply = "canary-reply-08ab";
        var (home, team) = await HomeAsync();
        var actor = PortalHost.Actor(Roles.Developer, home, await portal.AddUserAsync(home, Roles.Developer, team), team);
        using var handler = new StreamingGateway();
        string secret;
        await using (var keys = Keys())
        {
            secret = (await keys.OpenAsync(actor, team, default)).Value;
            foreach (var (status, body) in ((int, string)[])[(200, StreamingGateway.Says(Reply) + "data: [DONE]\n\n"), (200, StreamingGateway.Says(Reply) + "data: {bad\n\n"), (403, Reply)])
            {
                handler.Answers(status, body);
                using var http = new HttpClient(handler, disposeHandler: false);
                var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("services:gateway:http:0", "http://gateway")]).Build();
                var answer = new PlaygroundAnswer("small");
                await new PlaygroundGateway(http, configuration, TimeProvider.System).AskAsync(secret, new() { Model = "small", Message = Question, System = System }, answer, default);
                Assert.DoesNotContain(Reply, answer.Fault ?? "", StringComparison.Ordinal);
                Assert.DoesNotContain(Question, answer.Fault ?? "", StringComparison.Ordinal);
            }
            Assert.Equal(3, handler.Asked.Count(a => a.Secret == secret));
        }
        var tables = new[] { "audit_entries", "configuration_changes", "virtual_keys", "usage_records", "journeys" };
        var sinks = new List<string> { portal.Logs.Text };
        foreach (var table in tables) sinks.Add(await portal.ScalarAsync<string>($"select coalesce(string_agg(t::text, ' '), '') from {table} t"));
        foreach (var sink in sinks)
            foreach (var canary in (string[])[secret, Question, System, Reply]) Assert.DoesNotContain(canary, sink, StringComparison.Ordinal);
    }

    private PlaygroundKeys Keys() => new(portal.Get<IssueKey>(), portal.Get<RevokeKeys>(), clock, portal.Get<ILogger<PlaygroundKeys>>());

    private async Task<(Guid Organisation, Guid Team)> HomeAsync()
    {
        var home = await portal.AddOrganisationAsync();
        return (home, await portal.AddTeamAsync(home));
    }

    private async Task<List<VirtualKey>> KeysOfAsync(Guid team)
    {
        await using var db = portal.Db();
        return await db.VirtualKeys.AsNoTracking().Where(k => k.TeamId == team).OrderBy(k => k.Id).ToListAsync();
    }
}
