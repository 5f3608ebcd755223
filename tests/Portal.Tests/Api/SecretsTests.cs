using System.Text;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Api;

/// <summary>A canary goes in wherever a secret does; it must come out nowhere but in the one answer that is meant to hold it.</summary>
public sealed class SecretsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Canary = "sk-canary-7f3d9e21c4b8a650";

    [Fact]
    public async Task Secret_PutInAnywhere_ComesOutNowhere()
    {
        await portal.AddOrganisationAsync("canary");
        var api = portal.Api;
        var answers = new StringBuilder();
        async Task<System.Text.Json.Nodes.JsonNode?> Keep(Task<(System.Net.HttpStatusCode, System.Text.Json.Nodes.JsonNode?)> call)
        {
            var (status, body) = await call;
            answers.AppendLine($"{status} {body}");
            return body;
        }

        var provider = (await Keep(api.PostAsync("/api/providers", """{"name":"P","base_url":"https://p.example"}"""))).Id();
        var credential = (await Keep(api.PostAsync("/api/credentials", $$"""{"provider_id":"{{provider}}","name":"c","secret":"{{Canary}}"}"""))).Id();
        await Keep(api.PostAsync("/api/credentials", $$"""{"provider_id":"{{provider}}","name":"c","secret":"{{Canary}}"}"""));
        await Keep(api.PostAsync("/api/credentials", $$"""{"provider_id":"{{Canary}}","name":"c","secret":"{{Canary}}"}"""));
        await Keep(api.PostAsync("/api/credentials", $$"""{"secret":"{{Canary}}","unknown":"{{Canary}}"}"""));
        await Keep(api.PostAsync("/api/credentials", $$"""{"secret":["{{Canary}}"]}"""));
        await Keep(api.PutAsync($"/api/credentials/{credential}", $$"""{"secret":"{{Canary}}x"}"""));
        await Keep(api.PostAsync("/api/credentials/reseal"));
        var team = (await Keep(api.PostAsync("/api/teams", """{"name":"T"}"""))).Id();

        var (_, issued) = await api.PostAsync("/api/keys", $$"""{"team_id":"{{team}}","name":"k"}""");
        var secret = issued.Text("secret");
        var hash = Convert.ToHexStringLower(Shared.Domain.VirtualKeySecret.Hash(secret));
        var (_, rotated) = await api.PostAsync($"/api/keys/{issued!["key"].Id()}/rotate", """{"overlap_seconds":0}""");
        foreach (var path in new[]
        {
            "/api/keys", $"/api/keys?search={secret[..14]}", "/api/credentials", "/api/providers", "/api/audit?limit=200", "/api/deployments", "/api/models",
            $"/api/keys/{issued["key"].Id()}", "/api/organizations",
        }) await Keep(api.ReadAsync(path));

        var audit = await portal.ScalarAsync<string>("select string_agg(a::text, ' ') from audit_entries a");
        var changes = await portal.ScalarAsync<string>("select string_agg(c::text, ' ') from configuration_changes c");
        foreach (var sink in new[] { answers.ToString(), audit, changes, portal.Logs.Text })
        {
            Assert.DoesNotContain(Canary, sink, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, sink, StringComparison.Ordinal);
            Assert.DoesNotContain(rotated.Text("secret"), sink, StringComparison.Ordinal);
            Assert.DoesNotContain(hash, sink, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("secret_hash", sink, StringComparison.Ordinal);
            Assert.DoesNotContain("secret_envelope\"", sink, StringComparison.Ordinal);
            Assert.DoesNotContain(PortalHost.AdminToken, sink, StringComparison.Ordinal);
            Assert.DoesNotContain(PortalHost.MasterKey, sink, StringComparison.Ordinal);
        }
        Assert.Equal(0, await portal.ScalarAsync<long>(
            $"select count(*) from credentials where position(convert_to('{Canary}', 'UTF8') in secret_envelope) > 0"));
    }

    [Fact]
    public void Requests_Printed_ShowNoSecret()
    {
        foreach (var printed in new object[]
        {
            new CreateCredentialRequest { Name = "n", Secret = Canary }, new ReplaceCredentialRequest { Secret = Canary },
            new AspireGateway.Portal.Keys.IssuedKey
            {
                Secret = Canary,
                Key = new() { Id = default, TeamId = default, Name = "", Prefix = "", AllowedModels = [], CreatedAt = default, CreatedBy = "" },
            },
        }) Assert.DoesNotContain(Canary, printed.ToString(), StringComparison.Ordinal);
    }
}
