using System.Net;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Security;

/// <summary>Every operation of the REST API as every role, by a token of somebody who has it. What is not in the table is open to nobody, so a new operation needs a line.</summary>
public sealed class EndpointRolesTests(PeopleHost people) : IClassFixture<PeopleHost>
{
    private static readonly string[] s_admins = [Roles.Operator, Roles.OrganisationAdmin];
    private static readonly string[] s_platform = [.. s_admins, Roles.Platform];
    private static readonly string[] s_budgetReaders = [.. s_platform, Roles.TeamLead, Roles.Developer, Roles.FinOps, Roles.Auditor];
    private static readonly string[] s_leads = [.. s_admins, Roles.TeamLead];

    // The contracts' table by the nouns of the API: who may read, who may write something.
    private static readonly Dictionary<string, (string[] Read, string[] Write)> s_nouns = new()
    {
        ["organizations"] = ([.. Roles.All], s_admins),
        ["teams"] = ([.. Roles.All], s_admins),
        ["users"] = (s_leads, s_admins),
        ["agents"] = (s_budgetReaders, []),
        ["features"] = (s_budgetReaders, [.. s_platform, Roles.FinOps]),
        ["keys"] = ([.. Roles.All], [.. s_platform, Roles.TeamLead, Roles.Developer]),
        ["providers"] = ([.. Roles.All], s_platform),
        ["credentials"] = (s_platform, s_platform),
        ["deployments"] = ([.. Roles.All], s_platform),
        ["prices"] = ([.. Roles.All], s_platform),
        ["retention"] = (s_admins, s_admins),
        ["usage-exports"] = (s_admins, s_admins),
        ["repricing"] = (s_platform, s_platform),
        ["models"] = ([.. Roles.All], s_platform),
        ["reliability"] = ([.. Roles.All], s_platform),
        ["rules"] = ([.. Roles.All], s_platform),
        ["tasks"] = ([.. Roles.All], s_platform),
        ["residency"] = ([.. Roles.All], s_platform),
        ["guardrails"] = ([.. s_platform, Roles.SecurityReviewer, Roles.Auditor], [.. s_admins, Roles.SecurityReviewer]),
        ["quarantine"] = ([.. s_platform, Roles.SecurityReviewer, Roles.Auditor], [.. s_admins, Roles.SecurityReviewer]),
        ["caches"] = ([.. Roles.All], s_platform),
        ["content"] = ([.. s_platform, Roles.SecurityReviewer, Roles.Auditor], [.. s_admins, Roles.SecurityReviewer]),
        ["guardrail-checks"] = ([.. s_platform, Roles.SecurityReviewer, Roles.Auditor], [.. s_admins, Roles.SecurityReviewer]),
        ["alerts"] = ([.. s_platform, Roles.SecurityReviewer, Roles.Auditor], [.. s_platform, Roles.SecurityReviewer]),
        ["digests"] = ([.. s_platform, Roles.FinOps, Roles.Auditor], []),
        ["pins"] = ([.. Roles.All], s_platform),
        ["canaries"] = ([.. Roles.All], s_platform),
        ["benchmarks"] = ([.. Roles.All], s_platform),
        ["quality"] = ([.. Roles.All], s_platform),
        ["limits"] = (s_budgetReaders, s_leads),
        ["budgets"] = (s_budgetReaders, s_leads),
        ["tiers"] = (s_budgetReaders, s_admins),
        ["kill-switches"] = ([.. Roles.All], [.. s_platform, Roles.TeamLead, Roles.SecurityReviewer]),
        ["approvals"] = (s_budgetReaders, [.. s_leads, Roles.FinOps]),
        ["webhooks"] = (s_admins, s_admins),
        ["config"] = (s_admins, s_admins),
        ["usage"] = (s_budgetReaders, []),
        ["requests"] = (s_budgetReaders, []),
        // Platform engineers see what they changed themselves.
        ["audit"] = ([.. s_leads, Roles.Platform, Roles.SecurityReviewer, Roles.Auditor], []),
        ["tokens"] = ([.. Roles.All], [.. Roles.All]),
        ["sign-in-mappings"] = (s_admins, s_admins),
    };

    // Operations that differ from their noun.
    private static readonly Dictionary<string, string[]> s_exceptions = new()
    {
        ["POST /api/keys/assign-tier"] = s_leads,
        // Of the whole organisation's audit or not at all.
        ["GET /api/audit/verification"] = [.. s_admins, Roles.SecurityReviewer, Roles.Auditor],
        ["PUT /api/teams/{id}/members"] = s_leads,
        ["DELETE /api/teams/{id}/members/{person}"] = s_leads,
        ["GET /api/users/end-users"] = s_budgetReaders,
        ["POST /api/organizations"] = [Roles.Operator],
        ["PUT /api/tiers/assignments"] = s_leads,
        ["DELETE /api/tiers/assignments"] = s_leads,
        // Replies are not counted by team.
        ["GET /api/caches/recent"] = [.. s_platform, Roles.FinOps, Roles.Auditor],
        // Whoever sees a key sees what holds it; whoever may stop it may let it go.
        ["GET /api/alerts/actions"] = [.. Roles.All],
        ["POST /api/alerts/actions/{id}/lift"] = [.. s_platform, Roles.TeamLead, Roles.SecurityReviewer],
        // What models answered.
        ["GET /api/benchmarks/runs/{id}/results"] = s_platform,
        // Texts are for those who look into incidents, not for administrators.
        ["POST /api/quarantine/{id}/reveal"] = [Roles.SecurityReviewer, Roles.Auditor],
        ["POST /api/content/{id}/reveal"] = [Roles.SecurityReviewer, Roles.Auditor],
        ["POST /api/content/search"] = [Roles.SecurityReviewer, Roles.Auditor],
        ["POST /api/content/exports"] = [Roles.SecurityReviewer, Roles.Auditor],
        // Many entries at once are for those who answer for them.
        ["GET /api/audit/export"] = [.. s_leads, Roles.Auditor],
        // Whoever may see the audit log is told that there is no such entry; which entry one may undo depends on the entry.
        ["POST /api/audit/{id}/undo"] = [.. s_leads, Roles.Platform, Roles.SecurityReviewer, Roles.Auditor],
    };

    [Fact]
    public async Task Operation_AsEveryRole_IsForbiddenExactlyToThoseWhoMayNot()
    {
        var organisation = await people.Portal.AddOrganisationAsync();
        var team = await people.Portal.AddTeamAsync(organisation);
        var operations = await OperationsAsync();
        var wrong = new List<string>();
        var calls = 0;
        foreach (var role in Roles.All)
        {
            using var client = people.Client(await people.TokenAsync(await people.AddPersonAsync(organisation, role, team), organisation));
            foreach (var (method, path) in operations)
            {
                var noun = path.Split('/')[2];
                var allowed = s_exceptions.GetValueOrDefault($"{method} {path}") ?? (method == HttpMethod.Get ? s_nouns.GetValueOrDefault(noun).Read : s_nouns.GetValueOrDefault(noun).Write) ?? [];
                using var request = new HttpRequestMessage(method, Filled(path, Guid.NewGuid().ToString()));
                if (method != HttpMethod.Get && method != HttpMethod.Delete) request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
                using var answer = await client.SendAsync(request);
                calls++;
                if ((int)answer.StatusCode >= 500 || (answer.StatusCode != HttpStatusCode.Forbidden) != allowed.Contains(role))
                    wrong.Add($"{role}: {method} {path} answered {(int)answer.StatusCode}");
            }
        }
        Assert.Empty(wrong);
        Assert.True(calls > 8 * 100, $"only {calls} calls");
    }

    [Fact]
    public async Task Operation_OfAnotherOrganisation_IsForbiddenToEverybodysToken()
    {
        var (mine, theirs) = (await people.Portal.AddOrganisationAsync(), await people.Portal.AddOrganisationAsync("another-house"));
        foreach (var role in Roles.All)
        {
            using var client = people.Client(await people.TokenAsync(await people.AddPersonAsync(mine, role), mine));
            foreach (var path in new[] { "/api/teams", "/api/organizations/current", "/api/tokens" })
                Assert.Equal(HttpStatusCode.Forbidden, (await client.ReadAsync($"{path}?organization=another-house")).Status);
            Assert.Equal(mine, (await client.ReadAsync("/api/organizations/current")).Body.Id());
        }
        Assert.NotEqual(mine, theirs);
    }

    [Fact]
    public async Task Operation_WithoutAScopeForIt_IsForbiddenToEveryRole()
    {
        var organisation = await people.Portal.AddOrganisationAsync();
        using var client = people.Client(await people.TokenAsync(await people.AddPersonAsync(organisation, Roles.Operator), organisation, "audit:read"));
        foreach (var (method, path) in await OperationsAsync())
        {
            if (method == HttpMethod.Get && path.StartsWith("/api/audit", StringComparison.Ordinal)) continue;
            using var request = new HttpRequestMessage(method, Filled(path, "1"));
            using var answer = await client.SendAsync(request);
            // An address that does not fit is not there, whoever asks.
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{method} {path} answered {(int)answer.StatusCode}");
        }
    }

    private static string Filled(string path, string id) => string.Join('/', path.Split('/').Select(s => s == "{version}" ? "1" : s.StartsWith('{') ? id : s));

    private async Task<List<(HttpMethod Method, string Path)>> OperationsAsync()
    {
        using var anybody = people.Client();
        var (_, document) = await anybody.ReadAsync("/api/openapi.json");
        return [.. document!["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => (new HttpMethod(o.Key.ToUpperInvariant()), p.Key)))];
    }
}
