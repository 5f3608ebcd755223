using System.Net;
using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AspireGateway.Portal.Tests.AccessTokens;

/// <summary>What a personal access token opens, and when it stops.</summary>
public sealed class AccessTokensTests(PeopleHost people) : IClassFixture<PeopleHost>
{
    [Theory]
    [InlineData("read", "GET /api/keys", true)]
    [InlineData("read", "POST /api/teams", false)]
    [InlineData("write", "GET /api/keys", true)]
    [InlineData("write", "POST /api/teams", true)]
    [InlineData("keys:read", "GET /api/keys", true)]
    [InlineData("keys:read", "GET /api/teams", false)]
    [InlineData("keys:read", "POST /api/keys/revoke", false)]
    [InlineData("keys:write", "GET /api/keys", true)]
    [InlineData("keys:write", "POST /api/keys/revoke", true)]
    [InlineData("keys:write", "DELETE /api/webhooks/1", false)]
    [InlineData("kill-switches:write", "POST /api/kill-switches", true)]
    [InlineData("read", "PUT /api/organizations/current", false)]
    [InlineData("key:read", "GET /api/keys", false)]
    [InlineData("write", "GET /elsewhere", false)]
    public void Scope_Asked_CoversItsAreaAndWay(string scope, string call, bool allowed) =>
        Assert.Equal(allowed, AccessTokenScopes.Refuse([scope], call.Split(' ')[0], call.Split(' ')[1]) is null);

    [Fact]
    public async Task Token_WithinItsScopes_ActsAsItsOwner()
    {
        var (organisation, team) = await HouseAsync();
        var owner = await people.AddPersonAsync(organisation, Roles.OrganisationAdmin);
        using var client = people.Client(await people.TokenAsync(owner, organisation, "teams:write", "audit:read"));

        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync($"/api/teams/{team}")).Status);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/teams", """{"name":"Made by token"}""")).Status);
        var (status, problem) = await client.ReadAsync("/api/keys");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("keys:read", problem.Text("detail"), StringComparison.Ordinal);
        var entry = (await client.ReadAsync("/api/audit")).Body!["items"]!.AsArray().Single(e => e.Text("action") == "team.create");
        var address = await people.Portal.ScalarAsync<string>($"select email from users where identity_id = '{owner.Id}'");
        Assert.Equal($"{address} (token test)", entry.Text("actor"));
    }

    [Fact]
    public async Task Token_OfWhoLosesARole_LosesItAtTheSameMoment()
    {
        var (organisation, _) = await HouseAsync();
        var owner = await people.AddPersonAsync(organisation, Roles.OrganisationAdmin);
        using var client = people.Client(await people.TokenAsync(owner, organisation, "write"));
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/teams", """{"name":"One"}""")).Status);

        await people.Portal.ExecuteAsync($"update users set role = 'auditor' where identity_id = '{owner.Id}'");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/teams", """{"name":"Two"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync("/api/audit")).Status);

        await people.Portal.ExecuteAsync($"update users set disabled_at = now() where identity_id = '{owner.Id}'");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.ReadAsync("/api/audit")).Status);
    }

    [Fact]
    public async Task Token_OfAnOperator_WorksInItsOrganisationOnly()
    {
        var (organisation, _) = await HouseAsync();
        var other = await people.Portal.AddOrganisationAsync("elsewhere");
        var owner = await people.AddPersonAsync(organisation, Roles.Operator);
        using var client = people.Client(await people.TokenAsync(owner, organisation));
        Assert.Equal(organisation, (await client.ReadAsync("/api/organizations/current")).Body.Id());
        Assert.Equal(HttpStatusCode.Forbidden, (await client.ReadAsync("/api/organizations/current?organization=elsewhere")).Status);
        Assert.NotEqual(other, organisation);
    }

    [Theory]
    [InlineData("expires_at = now() - interval '1 second'")]
    [InlineData("revoked_at = now()")]
    [InlineData("secret_hash = sha256('other')")]
    public async Task Token_ThatWorksNoMore_IsUnauthorised(string change)
    {
        var (organisation, _) = await HouseAsync();
        var owner = await people.AddPersonAsync(organisation, Roles.Auditor);
        using var client = people.Client(await people.TokenAsync(owner, organisation));
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync("/api/tokens")).Status);
        await people.Portal.ExecuteAsync($"update access_tokens set {change} where identity_id = '{owner.Id}'");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.ReadAsync("/api/tokens")).Status);
        await people.Portal.ExecuteAsync($"delete from access_tokens where identity_id = '{owner.Id}'");
    }

    [Fact]
    public async Task Token_MadeByAToken_IsNoWiderNoLongerAndRevokedWithIt()
    {
        var (organisation, _) = await HouseAsync();
        var owner = await people.AddPersonAsync(organisation, Roles.Auditor);
        using var parent = people.Client(await people.TokenAsync(owner, organisation, "read", "tokens:write"));

        Assert.Equal(HttpStatusCode.Forbidden, (await parent.PostAsync("/api/tokens", """{"name":"wider","scopes":["keys:write"]}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await parent.PostAsync("/api/tokens", """{"name":"wider","scopes":["write"]}""")).Status);
        var (status, made) = await parent.PostAsync("/api/tokens", """{"name":"child","scopes":["audit:read"],"expires_in_days":300}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var secret = made.Text("secret");
        Assert.StartsWith("agw-pat-", secret, StringComparison.Ordinal);
        // The parent's day, not the 300.
        Assert.InRange(made!["token"]!["expires_at"]!.GetValue<DateTimeOffset>(), PortalHost.Now(), PortalHost.Now().AddDays(1));

        using var child = people.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await child.ReadAsync("/api/audit")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await child.ReadAsync("/api/tokens")).Status);
        var list = (await parent.ReadAsync("/api/tokens")).Body!["items"]!.AsArray();
        Assert.Equal(2, list.Count);
        Assert.NotNull(list.Single(t => t.Text("name") == "child")!["last_used_at"]);
        Assert.DoesNotContain(secret, list.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hash", list.ToJsonString(), StringComparison.Ordinal);

        var itself = list.Single(t => t.Text("name") == "test").Id();
        Assert.Equal(HttpStatusCode.OK, (await parent.PostAsync($"/api/tokens/{itself}/revoke")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await parent.ReadAsync("/api/audit")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await child.ReadAsync("/api/audit")).Status);
        var trail = await people.Portal.ScalarAsync<string>($"select string_agg(a::text, ' ') from audit_entries a where organisation_id = '{organisation}'");
        Assert.Contains("access_token.create", trail, StringComparison.Ordinal);
        Assert.Equal(2, await people.Portal.ScalarAsync<long>($"select count(*) from audit_entries where action = 'access_token.revoke' and organisation_id = '{organisation}'"));
        foreach (var sink in new[] { trail, people.Portal.Logs.Text }) Assert.DoesNotContain(secret, sink, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_OfOthers_AreForAdministratorsToSeeAndRevoke()
    {
        var (organisation, _) = await HouseAsync();
        var (owner, admin, colleague) = (await people.AddPersonAsync(organisation, Roles.Developer), await people.AddPersonAsync(organisation, Roles.OrganisationAdmin), await people.AddPersonAsync(organisation, Roles.Platform));
        using var mine = people.Client(await people.TokenAsync(owner, organisation));
        using var theirs = people.Client(await people.TokenAsync(colleague, organisation));
        using var admins = people.Client(await people.TokenAsync(admin, organisation));
        var id = Assert.Single((await mine.ReadAsync("/api/tokens")).Body!["items"]!.AsArray()).Id();

        Assert.Equal(HttpStatusCode.Forbidden, (await theirs.ReadAsync("/api/tokens?everybody=true")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await theirs.PostAsync($"/api/tokens/{id}/revoke")).Status);
        Assert.Equal(3, (await admins.ReadAsync("/api/tokens?everybody=true")).Body!["items"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.OK, (await admins.PostAsync($"/api/tokens/{id}/revoke")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await mine.ReadAsync("/api/tokens")).Status);
        Assert.Equal(2, (await admins.ReadAsync("/api/tokens?everybody=true")).Body!["items"]!.AsArray().Count);
        Assert.Equal(3, (await admins.ReadAsync("/api/tokens?everybody=true&include_ended=true")).Body!["items"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"name":"t"}""", "scopes")]
    [InlineData("""{"name":"t","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"t","scopes":["admin"]}""", "scopes")]
    [InlineData("""{"name":"t","scopes":["nothing:read"]}""", "scopes")]
    [InlineData("""{"name":"t","scopes":["keys:delete"]}""", "scopes")]
    [InlineData("""{"scopes":["read"]}""", "name")]
    [InlineData("""{"name":"t","scopes":["read"],"expires_in_days":0}""", "expires_in_days")]
    [InlineData("""{"name":"t","scopes":["read"],"expires_in_days":366}""", "expires_in_days")]
    public async Task Token_ThatDoesNotServe_IsRefused(string body, string field)
    {
        var (organisation, _) = await HouseAsync();
        using var client = people.Client(await people.TokenAsync(await people.AddPersonAsync(organisation, Roles.Auditor), organisation));
        var (status, problem) = await client.PostAsync("/api/tokens", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.Faults());
    }

    [Fact]
    public async Task AdminToken_IsNobodyWhoCouldOwnOne()
    {
        await people.Portal.AddOrganisationAsync();
        using var client = people.Client(PortalHost.AdminToken);
        var slug = await people.Portal.ScalarAsync<string>("select slug from organisations limit 1");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync($"/api/tokens?organization={slug}", """{"name":"t","scopes":["read"]}""")).Status);
    }

    [Fact]
    public async Task Use_IsNotedOnceAMinuteAtMost()
    {
        var (organisation, _) = await HouseAsync();
        var owner = await people.AddPersonAsync(organisation, Roles.Auditor);
        var secret = await people.TokenAsync(owner, organisation);
        var clock = new ManualClock(PortalHost.Now());
        var lookup = new AccessTokenLookup(people.Get<NpgsqlDataSource>(), clock);
        var first = clock.Now;
        foreach (var (seconds, noted) in new[] { (0, 0), (59, 0), (60, 60), (100, 60), (121, 121) })
        {
            clock.Now = first.AddSeconds(seconds);
            Assert.NotNull(await lookup.UseAsync(secret, default));
            var used = await people.Portal.ScalarAsync<DateTime>($"select last_used_at from access_tokens where identity_id = '{owner.Id}'");
            Assert.Equal(first.AddSeconds(noted), new DateTimeOffset(used));
        }
    }

    [Fact]
    public async Task Session_DoesNotOpenTheApiAndATokenOpensNoPage()
    {
        var (organisation, _) = await HouseAsync();
        using var client = people.Client(await people.TokenAsync(await people.AddPersonAsync(organisation, Roles.OrganisationAdmin), organisation));
        var page = await client.GetAsync(new Uri("/keys", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
        Assert.Contains("/signin", page.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    private async Task<(Guid Organisation, Guid Team)> HouseAsync()
    {
        var organisation = await people.Portal.AddOrganisationAsync();
        return (organisation, await people.Portal.AddTeamAsync(organisation));
    }
}
