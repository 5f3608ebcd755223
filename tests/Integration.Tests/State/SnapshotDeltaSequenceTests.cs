using AspireGateway.Gateway.State;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Npgsql;
using Touched = AspireGateway.Integration.Tests.State.ConfigurationWriter.Touched;

namespace AspireGateway.Integration.Tests.State;

public sealed class SnapshotDeltaSequenceTests(StoresFixture stores)
{
    private const int Steps = 80;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Deltas_AfterAnyChanges_EqualAFullLoad(int seed)
    {
        var connectionString = await stores.Postgres.CreateDatabaseAsync();
        await using var writer = new ConfigurationWriter(connectionString);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var loader = new SnapshotLoader(TimeProvider.System);
        var random = new Random(seed);
        var organisations = new List<Guid>();
        for (var i = 0; i < 3; i++) organisations.Add(await PopulateAsync(writer, i));
        var following = (await loader.LoadAsync(connection, null, CancellationToken.None)).Snapshot;
        var kinds = new HashSet<SnapshotLoadKind>();

        for (var step = 0; step < Steps; step++)
        {
            // Several changes between two loads now and then, as after a lost connection.
            for (var burst = random.Next(4) == 0 ? 5 : 1; burst > 0; burst--)
                await ChangeAsync(writer, random, organisations[random.Next(organisations.Count)], step * 10 + burst);
            var load = await loader.LoadAsync(connection, following, CancellationToken.None);
            kinds.Add(load.Kind);
            following = load.Snapshot;
            if (step % 8 != 7) continue;
            var full = await loader.LoadAsync(connection, null, CancellationToken.None);
            Assert.Equal(SnapshotText.Of(full.Snapshot), SnapshotText.Of(following));
        }
        // Else this would have compared full loads with full loads.
        Assert.Contains(SnapshotLoadKind.Delta, kinds);
        Assert.DoesNotContain(SnapshotLoadKind.Full, kinds);
    }

    private static async Task<Guid> PopulateAsync(ConfigurationWriter writer, int number)
    {
        var organisation = await writer.AddOrganisationAsync($"org-{number}");
        var team = await writer.AddTeamAsync(organisation, "first");
        var provider = await writer.AddProviderAsync(organisation, "openai");
        var credential = await writer.AddCredentialAsync(organisation, provider);
        var deployment = await writer.AddDeploymentAsync(organisation, "first", provider, "gpt", credential);
        await writer.AddPriceAsync(organisation, deployment, """{"input": 1, "output": 2}""");
        await writer.AddModelAsync(organisation, "fast", [deployment], "quick");
        for (var i = 0; i < 10; i++) await writer.AddKeyAsync(organisation, team, $"agw-{number}-{i}");
        return organisation;
    }

    private static Task ChangeAsync(ConfigurationWriter writer, Random random, Guid organisation, int unique)
    {
        // One of the organisation's rows of a table, if it has any.
        const string Pick = "(select id from {0} where organisation_id = $1 order by md5(id::text || {1}) limit 1)";
        string One(string table) => string.Format(null, Pick, table, random.Next());
        // The sweeping kind reloads the catalog; keys are named one by one.
        Task Catalog(string kind, string sql) => writer.WriteAsync([new Touched(kind, Guid.CreateVersion7(), organisation)], sql, organisation);
        async Task Key(string sql)
        {
            var keys = await writer.IdsAsync("select id from virtual_keys where organisation_id = $1 order by md5(id::text || $2) limit 3", organisation, unique.ToString());
            // A revision that touched nothing has no row, and gateways then read everything.
            if (keys.Length == 0) return;
            await writer.WriteAsync([.. keys.Select(key => new Touched(ConfigurationKinds.VirtualKey, key, organisation))], sql, organisation, keys);
        }

        return random.Next(16) switch
        {
            0 => writer.AddTeamAsync(organisation, $"team-{unique}", "fast"),
            1 => Catalog(ConfigurationKinds.Team, $"update teams set archived_at = now() where id = {One("teams")}"),
            2 => Catalog(ConfigurationKinds.Team, $"delete from teams where id = {One("teams")} and (select count(*) from teams where organisation_id = $1) > 1"),
            3 or 4 or 5 => AddKeysAsync(writer, organisation, unique),
            6 => Key("update virtual_keys set revoked_at = now() where organisation_id = $1 and id = any($2)"),
            7 => Key("delete from virtual_keys where organisation_id = $1 and id = any($2)"),
            8 => Key($"update virtual_keys set secret_hash = sha256(convert_to(id::text || '{unique}', 'UTF8')), feature = 'f' where organisation_id = $1 and id = any($2)"),
            9 => Catalog(ConfigurationKinds.Provider, $"update providers set base_url = 'https://{unique}.example.com/v1' where organisation_id = $1"),
            10 => Catalog(ConfigurationKinds.Credential, $"update credentials set secret_envelope = '\\x{unique % 100:00}' where organisation_id = $1"),
            11 => Catalog(ConfigurationKinds.Deployment, $"update deployments set is_enabled = not is_enabled where id = {One("deployments")}"),
            12 => AddDeploymentAsync(writer, organisation, unique),
            13 => Catalog(ConfigurationKinds.Model, $"update model_aliases set name = 'alias-{unique}' where organisation_id = $1"),
            14 => Catalog(ConfigurationKinds.Price, $$"""
                insert into price_versions (id, organisation_id, deployment_id, valid_from, components, created_by, created_at)
                select gen_random_uuid(), $1, d.id, now(), '{"input": {{unique}}, "output": 2}', 'test', now() from deployments d where d.id = {{One("deployments")}}
                """),
            _ => Catalog(ConfigurationKinds.Organisation, $"update organisations set default_model = 'm{unique}' where id = $1"),
        };
    }

    private static async Task AddKeysAsync(ConfigurationWriter writer, Guid organisation, int unique)
    {
        var team = (await writer.IdsAsync("select id from teams where organisation_id = $1 order by md5(id::text || $2) limit 1", organisation, unique.ToString())).Single();
        await writer.AddKeyAsync(organisation, team, $"agw-{organisation}-{unique}", "fast");
    }

    private static async Task AddDeploymentAsync(ConfigurationWriter writer, Guid organisation, int unique)
    {
        var provider = (await writer.IdsAsync("select id from providers where organisation_id = $1 order by md5(id::text || $2) limit 1", organisation, unique.ToString())).Single();
        var deployment = await writer.AddDeploymentAsync(organisation, $"d-{unique}", provider, $"m-{unique % 3}");
        await writer.AddModelAsync(organisation, $"model-{unique}", [deployment]);
    }
}
