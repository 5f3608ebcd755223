using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Guardrails;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Integration.Tests.Telemetry;
using AspireGateway.Portal.Content.Reading;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Content;
using AspireGateway.Shared.Domain.Guardrails;
using Npgsql;

namespace AspireGateway.Integration.Tests.Content;

/// <summary>Texts from a real gateway into a real Postgres: what is kept of what callers ask and see, and where it stands nowhere else.</summary>
public sealed class ContentTests(StoresFixture stores)
{
    private const string Canary = "amber-lynx-5521";

    [Fact]
    public async Task Texts_AreKeptAsPoliciesSay_EncryptedAndInNoOtherSink()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var (open, quiet) = (await world.Configuration.AddTeamAsync(world.Organisation, "open"), await world.Configuration.AddTeamAsync(world.Organisation, "quiet"));
        var (openKey, quietKey) = (VirtualKeySecret.Create(), VirtualKeySecret.Create());
        await world.Configuration.AddKeyAsync(world.Organisation, open, openKey);
        await world.Configuration.AddKeyAsync(world.Organisation, quiet, quietKey);
        await SetAsync(world, ContentScopes.Organisation, null, new() { Keep = ContentKeeps.Both });
        await SetAsync(world, ContentScopes.Team, open.ToString(), new() { Keep = ContentKeeps.Both, Text = ContentForms.Sent, Traces = true });
        await SetAsync(world, ContentScopes.Team, quiet.ToString(), new() { Keep = ContentKeeps.Off });
        await PolicyKeys.SetAsync(world, GuardrailScopes.Organisation, null, new() { BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Mask, Words = [Canary] } });
        // The switch is on: what the policies do not open stays closed.
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, [.. collector.Settings, "Gateway__Reliability__Retries=0", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true"]);
        await PolicyKeys.AppliedAsync(world, gateway);

        world.Simulator.Script("text=\"I know <BANNED_WORD_1> well\"");
        var whole = await AskAsync(gateway, world.Key, Ask.Body($"Do you know {Canary}?"), "ada");
        world.Simulator.Script("text=\"I know <BANNED_WORD_1> well\"");
        var stream = await AskAsync(gateway, world.Key, Ask.Body($"And {Canary}?").Replace("\"model\"", "\"stream\":true,\"model\"", StringComparison.Ordinal), "ada");
        var sent = await AskAsync(gateway, openKey, Ask.Body("A word of mine: otter-plain"), null);
        var none = await AskAsync(gateway, quietKey, Ask.Body("Nothing of me"), null);
        var failed = await AskAsync(gateway, world.Key, Ask.Body("What then?", "status=400"), "ada");
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_content_records_total{result=\"kept\"}") >= 4, TimeSpan.FromSeconds(20), "the texts are written");

        await using var source = NpgsqlDataSource.Create(world.Database);
        var kept = new Dictionary<Guid, KeptContent>();
        await foreach (var row in new ContentReader(source, new ContentKeyStore(source, new SecretBox(world.MasterKey))).ReadAsync(new(world.Organisation), null, default)) kept[row.Id] = row;
        Assert.Equal(4, kept.Count);
        // Callers saw the value, the store did not.
        Assert.Contains($"I know {Canary} well", whole.Text, StringComparison.Ordinal);
        Assert.Equal((true, "whole", "chat_completions"), (kept[whole.Id].IsMasked, kept[whole.Id].State, kept[whole.Id].Operation));
        Assert.Contains("Do you know <BANNED_WORD_1>?", kept[whole.Id].Prompt, StringComparison.Ordinal);
        Assert.Contains("I know <BANNED_WORD_1> well", kept[whole.Id].Reply, StringComparison.Ordinal);
        Assert.Equal("I know <BANNED_WORD_1> well", kept[stream.Id].Reply);
        Assert.Equal(("failed", true), (kept[failed.Id].State, kept[failed.Id].Reply!.Contains("error", StringComparison.Ordinal)));
        Assert.Contains("otter-plain", kept[sent.Id].Prompt, StringComparison.Ordinal);
        Assert.Equal(sent.Text, kept[sent.Id].Reply);
        Assert.DoesNotContain(none.Id, kept.Keys);

        // A subject's texts have a key of their own, which nobody can tell by its name.
        await using (var command = source.CreateCommand("select count(distinct data_key) from content_records")) Assert.Equal(2L, await command.ExecuteScalarAsync());
        await using (var command = source.CreateCommand("select count(*) from content_records r where position('otter'::bytea in r.payload) > 0 or position('know'::bytea in r.payload) > 0 or position('ada'::bytea in (select k.subject from content_keys k where k.id = r.data_key)) > 0")) Assert.Equal(0L, await command.ExecuteScalarAsync());

        // In traces stand the texts of the team whose policy opens them, and no others.
        await Eventually.HoldsAsync(() => Task.FromResult(collector.Everything.Contains("otter-plain", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), "the span came");
        Assert.Single(collector.Spans, s => s.Tags.ContainsKey("gen_ai.input.messages"));
        var written = await gateway.StopAsync();
        Assert.DoesNotContain("otter-plain", written, StringComparison.Ordinal);
        foreach (var word in (string[])[Canary, "Nothing of me", "Do you know", "What then"])
        {
            Assert.DoesNotContain(word, collector.Everything, StringComparison.Ordinal);
            Assert.DoesNotContain(word, written, StringComparison.Ordinal);
        }
    }

    private static async Task<(Guid Id, string Text)> AskAsync(GatewayProcess gateway, string key, string body, string? user)
    {
        using var response = await gateway.ChatAsync(key, body, headers: user is null ? [] : [("x-gateway-user", user)]);
        return (Guid.Parse(Ask.Header(response, "x-request-id")["req_".Length..]), await response.Content.ReadAsStringAsync());
    }

    private static Task<long> SetAsync(GatewayWorld world, string kind, string? scope, ContentSettings settings)
    {
        var policy = Guid.CreateVersion7();
        return world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Content, policy, world.Organisation)],
            "insert into content_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, $3, $4, $5::jsonb, now(), 'test')",
            policy, world.Organisation, kind, scope, JsonSerializer.Serialize(settings, DataJson.Default.ContentSettings));
    }
}
