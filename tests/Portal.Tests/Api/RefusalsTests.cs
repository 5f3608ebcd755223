using System.Net;
using System.Net.Http.Headers;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Api;

/// <summary>What the API does not let in, and how it says so.</summary>
public sealed class RefusalsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly string[] s_bodies =
    [
        "POST /api/organizations", "PUT /api/organizations/current", "POST /api/teams", "PUT /api/teams/{id}", "PUT /api/teams/{id}/members", "POST /api/keys", "PUT /api/keys/{id}",
        "POST /api/keys/{id}/rotate", "POST /api/keys/revoke", "POST /api/keys/extend", "POST /api/keys/assign-tier", "PUT /api/users/{id}/role", "POST /api/features", "PUT /api/features/{id}", "POST /api/providers", "PUT /api/providers/{id}", "POST /api/credentials",
        "PUT /api/credentials/{id}", "POST /api/deployments", "PUT /api/deployments/{id}", "POST /api/prices", "PUT /api/retention", "POST /api/usage-exports", "POST /api/repricing", "POST /api/repricing/preview", "POST /api/models", "PUT /api/models/{id}",
        "POST /api/limits", "PUT /api/limits/{id}", "POST /api/budgets", "PUT /api/budgets/{id}", "POST /api/budgets/{id}/raise", "POST /api/tiers",
        "PUT /api/tiers/{id}", "PUT /api/tiers/assignments", "POST /api/kill-switches", "POST /api/approvals/{id}/grant", "POST /api/approvals/{id}/deny", "POST /api/webhooks", "POST /api/alerts/{id}/mute",
        "PUT /api/webhooks/{id}", "POST /api/rules", "PUT /api/rules/order", "POST /api/rules/preview", "PUT /api/rules/{id}", "POST /api/tasks", "PUT /api/tasks/{id}",
        "POST /api/canaries", "POST /api/canaries/{id}/abort", "POST /api/pins", "PUT /api/pins/{id}", "PUT /api/residency", "PUT /api/guardrails", "POST /api/quarantine/{id}/release", "POST /api/quarantine/{id}/reject", "POST /api/quarantine/{id}/reveal",
        "PUT /api/guardrail-checks", "PUT /api/caches", "POST /api/caches/purge", "PUT /api/content/policies", "PUT /api/alerts/policies", "POST /api/content/holds", "POST /api/content/holds/{id}/release", "POST /api/content/erasures", "POST /api/content/{id}/reveal",
        "POST /api/content/search", "POST /api/content/exports", "PUT /api/reliability/deployments/{id}/breaker",
        "POST /api/reliability/deployments/{id}/open", "POST /api/reliability/deployments/{id}/close", "PUT /api/reliability/models/{id}", "POST /api/quality/import",
        "POST /api/quality/versions/{version}/restore", "POST /api/benchmarks/sets", "POST /api/benchmarks/runs", "POST /api/benchmarks/runs/{id}/start",
        "POST /api/config/rollback", "POST /api/tokens", "POST /api/sign-in-mappings", "PUT /api/sign-in-mappings/{id}",
    ];

    public static TheoryData<string, string> ExtraFields()
    {
        var data = new TheoryData<string, string>();
        foreach (var endpoint in s_bodies)
            foreach (var field in new[] { "id", "organisation_id", "organization_id", "created_by", "created_at", "role", "owner_id", "revoked_at", "secret_hash", "is_default" })
                // What a value of the identity provider gives is a role; see SignInPersonTests for which.
                // A person's role and a feature's owner are what those requests are for; see UsersTests and FeaturesTests.
                if ((field != "role" || !(endpoint.Contains("/sign-in-mappings", StringComparison.Ordinal) || endpoint.EndsWith("/role", StringComparison.Ordinal)))
                    && (field != "owner_id" || !endpoint.Contains("/features", StringComparison.Ordinal))) data.Add(endpoint, field);
        return data;
    }

    [Theory]
    [MemberData(nameof(ExtraFields))]
    public async Task Body_WithAFieldThatIsNotTheCallers_IsRefusedByName(string endpoint, string field)
    {
        var before = await portal.RevisionAsync();
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1].Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal));
        var (status, problem) = await portal.Api.CallAsync(new HttpMethod(method), path, $$"""{"{{field}}":"x"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.Faults());
        Assert.Equal(before, await portal.RevisionAsync());
    }

    [Fact]
    public async Task Endpoints_WithABody_AreAllInTheTableAbove()
    {
        var (_, document) = await portal.Api.ReadAsync("/api/openapi.json");
        var documented = document!["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Where(o => o.Value!["requestBody"] is not null).Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}"));
        Assert.Equal(s_bodies.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{", null)]
    [InlineData("[]", null)]
    [InlineData("", null)]
    [InlineData("null", null)]
    [InlineData("{\"team_id\":7}", "team_id")]
    [InlineData("{\"expires_at\":\"soon\"}", "expires_at")]
    [InlineData("{\"allowed_models\":[1]}", "allowed_models[0]")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name")]
    [InlineData("{\"max_body_bytes\":\"12\"}", "max_body_bytes")]
    [InlineData("{\"max_body_bytes\":1e99}", "max_body_bytes")]
    public async Task Body_ThatDoesNotFit_IsAProblemThatNamesTheField(string body, string? field)
    {
        var (status, problem) = await portal.Api.PostAsync("/api/keys", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field is null ? [] : [field], problem.Faults());
    }

    [Fact]
    public async Task Body_OfAnotherType_IsRefused()
    {
        using var content = new StringContent("name=x", new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await portal.Api.PostAsync(new Uri("/api/teams", UriKind.Relative), content)).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer test-admin-token-of-some-lengt")]
    [InlineData("Bearer test-admin-token-of-some-length-and-more")]
    [InlineData("Basic dGVzdC1hZG1pbi10b2tlbi1vZi1zb21lLWxlbmd0aA==")]
    public async Task Call_WithoutTheToken_IsAskedForIt(string? authorization)
    {
        using var client = portal.Client();
        foreach (var path in new[] { "/api/keys", "/api/teams", "/api/no-such-thing" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.StartsWith("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Address_ThatIsNotThere_IsAProblem()
    {
        var (status, problem) = await portal.Api.ReadAsync("/api/no-such-thing");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("/api/openapi.json", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await portal.Api.ReadAsync("/api/keys/not-a-guid")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await portal.Api.RemoveAsync("/api/keys")).Status);
    }

    [Fact]
    public async Task Document_OfTheApi_DescribesItsDoor()
    {
        using var client = portal.Client();
        var (status, document) = await client.ReadAsync("/api/openapi.json");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("bearer", document!["components"]!["securitySchemes"]!["bearer"].Text("scheme"));
        Assert.NotNull(document["security"]![0]!["bearer"]);
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.NotNull(operation!["operationId"]);
                Assert.True(operation["responses"]!.AsObject().Count > 3, $"{method} {path}");
            }
        Assert.Equal("string", document["components"]!["schemas"]!["IssueKeyRequest"]!["properties"]!["feature"]!["type"]![1]!.GetValue<string>());
    }
}
