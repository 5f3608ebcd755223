using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.State;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Integration.Tests.State;

public sealed class SnapshotLoaderTests(StoresFixture stores) : IAsyncLifetime
{
    private readonly SnapshotLoader loader = new(TimeProvider.System);
    private ConfigurationWriter writer = null!;
    private NpgsqlConnection connection = null!;
    private Guid organisation, team, provider, credential, deployment, key;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await stores.Postgres.CreateDatabaseAsync();
        writer = new ConfigurationWriter(connectionString);
        connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        organisation = await writer.AddOrganisationAsync("acme", "fast");
        team = await writer.AddTeamAsync(organisation, "research", "fast", "openai/*");
        provider = await writer.AddProviderAsync(organisation, "openai");
        credential = await writer.AddCredentialAsync(organisation, provider);
        deployment = await writer.AddDeploymentAsync(organisation, "gpt-eu", provider, "gpt-5", credential);
        await writer.AddPriceAsync(organisation, deployment, """{"input": 150000000, "output": 600000000}""", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await writer.AddModelAsync(organisation, "fast", [deployment], "quick", "default");
        key = await writer.AddKeyAsync(organisation, team, "agw-one", "fast");
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task FullLoad_WholeConfiguration_ResolvesEveryName()
    {
        var load = await LoadAsync(null);

        Assert.Equal(SnapshotLoadKind.Full, load.Kind);
        Assert.Empty(load.Faults);
        Assert.Equal(8, load.Snapshot.Revision);
        var acme = load.Snapshot.Organisations[organisation];
        Assert.Equal(("acme", "Europe/Berlin", "fast"), (acme.Slug, acme.TimeZone, acme.DefaultModel));
        Assert.Equal(["fast", "openai/*"], acme.Teams[team].AllowedModels);
        var fast = acme.Models["fast"];
        Assert.Same(fast, acme.Models["quick"]);
        Assert.Same(fast, acme.Models["default"]);
        Assert.Same(fast.Deployments[0], acme.DirectModels["openai/gpt-5"].Deployments[0]);
        var served = fast.Deployments[0];
        Assert.Equal(ModelAbilities.Vision | ModelAbilities.Tools, served.Abilities);
        Assert.Equal(("gpt-eu", "gpt-5", "eu", 128_000, 16_000), (served.Name, served.UpstreamModel, served.Region, served.ContextTokens, served.MaxOutputTokens));
        Assert.Equal(new Uri("https://api.example.com/v1"), served.Provider.BaseUrl);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(60)), (served.Provider.ConnectTimeout, served.Provider.FirstByteTimeout, served.Provider.IdleTimeout));
        Assert.Equal([credential], served.Credentials.Select(slot => slot.Credential.Id));
        Assert.Equal(150_000_000, served.Prices.Single().Components.Input);
        var found = Find(load.Snapshot, "agw-one");
        Assert.Equal((key, organisation, team, "fast"), (found!.Id, found.OrganisationId, found.TeamId, found.AllowedModels.Single()));
    }

    [Fact]
    public async Task Load_NothingChanged_GivesTheSameSnapshot()
    {
        var known = (await LoadAsync(null)).Snapshot;

        var load = await LoadAsync(known);

        Assert.Equal(SnapshotLoadKind.Unchanged, load.Kind);
        Assert.Same(known, load.Snapshot);
    }

    [Fact]
    public async Task Delta_KeyRevoked_TouchesNothingElse()
    {
        var known = (await LoadAsync(null)).Snapshot;
        await writer.RevokeKeyAsync(organisation, key);

        var load = await LoadAsync(known);

        Assert.Equal(SnapshotLoadKind.Delta, load.Kind);
        Assert.NotNull(Find(load.Snapshot, "agw-one")?.RevokedAt);
        Assert.Null(Find(known, "agw-one")?.RevokedAt);
        Assert.Same(known.Organisations[organisation], load.Snapshot.Organisations[organisation]);
        await EqualsFullLoadAsync(load.Snapshot);
    }

    [Fact]
    public async Task Delta_UserChanged_OnlyMovesTheRevision()
    {
        var known = (await LoadAsync(null)).Snapshot;
        var user = Guid.CreateVersion7();
        await writer.WriteAsync(
            [new(ConfigurationKinds.User, user, organisation)],
            "insert into users (id, organisation_id, email, display_name, role, created_at) values ($1, $2, 'a@example.com', 'A', 'auditor', now())", user, organisation);

        var load = await LoadAsync(known);

        Assert.Equal(SnapshotLoadKind.Delta, load.Kind);
        Assert.Equal(known.Revision + 1, load.Snapshot.Revision);
        Assert.Same(known.Organisations[organisation], load.Snapshot.Organisations[organisation]);
    }

    // The kind, and a statement about the thing with that id.
    public static readonly TheoryData<string, string> CatalogChanges = new()
    {
        { ConfigurationKinds.Organisation, "update organisations set default_model = null where id = $1" },
        { ConfigurationKinds.Team, "update teams set archived_at = now(), allowed_models = '{}' where organisation_id = $1" },
        { ConfigurationKinds.Provider, "update providers set base_url = 'https://other.example.com', idle_timeout_ms = 1000 where organisation_id = $1" },
        { ConfigurationKinds.Credential, "update credentials set secret_envelope = '\\x0102' where organisation_id = $1" },
        { ConfigurationKinds.Deployment, "update deployments set is_enabled = false, upstream_model = 'gpt-6' where organisation_id = $1" },
        { ConfigurationKinds.Price, "delete from price_versions where organisation_id = $1" },
        { ConfigurationKinds.Model, "delete from model_aliases where organisation_id = $1 and name = 'quick'" },
        { ConfigurationKinds.Model, "delete from models where organisation_id = $1" },
        { "kind_of_a_later_version", "update teams set default_model = 'fast' where organisation_id = $1" },
    };

    [Theory]
    [MemberData(nameof(CatalogChanges))]
    public async Task Delta_CatalogChanged_ReloadsThatOrganisationOnly(string kind, string sql)
    {
        var other = await writer.AddOrganisationAsync("other");
        var known = (await LoadAsync(null)).Snapshot;
        await writer.WriteAsync([new(kind, Guid.CreateVersion7(), organisation)], sql, organisation);

        var load = await LoadAsync(known);

        Assert.Equal(SnapshotLoadKind.Delta, load.Kind);
        Assert.Same(known.Organisations[other], load.Snapshot.Organisations[other]);
        Assert.NotEqual(SnapshotText.Of(known), SnapshotText.Of(load.Snapshot));
        await EqualsFullLoadAsync(load.Snapshot);
    }

    [Fact]
    public async Task Delta_ProviderUnchanged_KeepsItsInstance()
    {
        var known = (await LoadAsync(null)).Snapshot;
        await writer.AddPriceAsync(organisation, deployment, """{"input": 1, "output": 2}""");

        var next = (await LoadAsync(known)).Snapshot;

        Assert.NotSame(Served(known), Served(next));
        Assert.Same(Served(known).Provider, Served(next).Provider);
        // What was learned of a credential stays with it.
        Assert.Same(Assert.Single(Served(known).Credentials), Assert.Single(Served(next).Credentials));
        Assert.Same(Served(known).Provider, Served((await loader.LoadAsync(connection, OnDisk(known), CancellationToken.None)).Snapshot).Provider);
    }

    [Fact]
    public async Task Delta_TeamOrOrganisationDeleted_TakesItsKeysAlong()
    {
        var second = await writer.AddTeamAsync(organisation, "second");
        await writer.AddKeyAsync(organisation, second, "agw-two");
        var known = (await LoadAsync(null)).Snapshot;

        await writer.WriteAsync([new(ConfigurationKinds.Team, second, organisation)], "delete from teams where id = $1", second);
        var withoutTeam = (await LoadAsync(known)).Snapshot;
        Assert.Null(Find(withoutTeam, "agw-two"));
        Assert.NotNull(Find(withoutTeam, "agw-one"));
        await EqualsFullLoadAsync(withoutTeam);

        await writer.ExecuteAsync("delete from model_deployments; delete from deployments; ");
        await writer.WriteAsync([new(ConfigurationKinds.Organisation, organisation, organisation)], "delete from organisations where id = $1", organisation);
        var load = await LoadAsync(withoutTeam);
        Assert.Equal(SnapshotLoadKind.Delta, load.Kind);
        Assert.Empty(load.Snapshot.Organisations);
        Assert.Equal(0, load.Snapshot.Keys.Count);
        await EqualsFullLoadAsync(load.Snapshot);
    }

    [Theory]
    [InlineData("delete from configuration_changes where revision = (select revision - 1 from configuration_state)")]
    [InlineData("delete from configuration_changes where revision = (select revision from configuration_state)")]
    [InlineData("update configuration_state set revision = revision - 5")]
    [InlineData("update configuration_changes set at = at - interval '1 day'")]
    public async Task Load_HistoryBroken_ReadsEverything(string damage)
    {
        var known = (await LoadAsync(null)).Snapshot;
        await writer.RevokeKeyAsync(organisation, key);
        await writer.AddTeamAsync(organisation, "late");
        await writer.ExecuteAsync(damage);

        var load = await LoadAsync(known);

        Assert.Equal(SnapshotLoadKind.Full, load.Kind);
        Assert.NotNull(Find(load.Snapshot, "agw-one")?.RevokedAt);
        Assert.Equal(2, load.Snapshot.Organisations[organisation].Teams.Count);
        Assert.Equal(SnapshotLoadKind.Unchanged, (await LoadAsync(load.Snapshot)).Kind);
    }

    [Fact]
    public async Task Load_TooManyChanges_ReadsEverything()
    {
        var known = (await LoadAsync(null)).Snapshot;
        await writer.WriteAsync(
            [.. Enumerable.Range(0, ConfigurationChanges.MaxRows + 1).Select(_ => new ConfigurationWriter.Touched(ConfigurationKinds.VirtualKey, Guid.CreateVersion7(), organisation))],
            "update virtual_keys set feature = 'search'");

        var load = await LoadAsync(known);

        Assert.Equal(SnapshotLoadKind.Full, load.Kind);
        Assert.Equal("search", Find(load.Snapshot, "agw-one")?.Feature);
    }

    [Fact]
    public async Task Fault_InOneOrganisation_LeavesOutOnlyTheFaultyThing()
    {
        var other = await writer.AddOrganisationAsync("other");
        var broken = await writer.AddProviderAsync(organisation, "broken", "not an address");
        var lost = await writer.AddDeploymentAsync(organisation, "lost", broken, "m");
        var price = await writer.AddPriceAsync(organisation, deployment, """{"input": "free"}""");
        var unknown = await writer.AddProviderAsync(organisation, "odd", protocol: "protocol-of-a-later-version");
        await writer.AddDeploymentAsync(organisation, "odd", unknown, "m");

        var load = await LoadAsync(null);

        Assert.Equal(
            [(ConfigurationKinds.Provider, broken), (ConfigurationKinds.Price, price), (ConfigurationKinds.Deployment, lost)],
            load.Faults.Select(fault => (fault.Kind, fault.EntityId)));
        Assert.All(load.Faults, fault => Assert.False(fault.KeptPrevious));
        var acme = load.Snapshot.Organisations[organisation];
        Assert.Equal(["odd/m", "openai/gpt-5"], acme.DirectModels.Keys.Order(StringComparer.Ordinal));
        Assert.Single(Served(load.Snapshot).Prices);
        Assert.Equal(3, acme.Faults);
        Assert.Equal(0, load.Snapshot.Organisations[other].Faults);
    }

    [Fact]
    public async Task Fault_InSomethingThatServed_KeepsItsLastGoodVersion()
    {
        var known = (await LoadAsync(null)).Snapshot;
        await writer.WriteAsync([new(ConfigurationKinds.Provider, provider, organisation)], "update providers set base_url = 'ftp://example.com' where id = $1", provider);
        await writer.AddTeamAsync(organisation, "late");

        var load = await LoadAsync(known);

        Assert.Equal((ConfigurationKinds.Provider, provider, true), load.Faults.Select(f => (f.Kind, f.EntityId, f.KeptPrevious)).Single());
        Assert.Same(Served(known).Provider, Served(load.Snapshot).Provider);
        Assert.Equal(2, load.Snapshot.Organisations[organisation].Teams.Count);

        await writer.WriteAsync([new(ConfigurationKinds.Provider, provider, organisation)], "update providers set base_url = 'https://new.example.com' where id = $1", provider);
        load = await LoadAsync(load.Snapshot);
        Assert.Empty(load.Faults);
        Assert.Equal("new.example.com", Served(load.Snapshot).Provider.BaseUrl.Host);
    }

    [Fact]
    public async Task Fault_ReferencesAcrossOrganisationsOrProviders_AreNeverServed()
    {
        var other = await writer.AddOrganisationAsync("other");
        var foreign = await writer.AddProviderAsync(other, "openai");
        await writer.AddDeploymentAsync(organisation, "foreign-provider", foreign, "a");
        var second = await writer.AddProviderAsync(organisation, "second");
        await writer.AddDeploymentAsync(organisation, "foreign-credential", second, "b", credential);
        await writer.AddModelAsync(other, "borrowed", [deployment]);

        var load = await LoadAsync(null);

        Assert.Equal(["openai/gpt-5"], load.Snapshot.Organisations[organisation].DirectModels.Keys);
        Assert.Empty(load.Snapshot.Organisations[other].Models["borrowed"].Deployments);
        Assert.Equal(3, load.Faults.Count);
    }

    private Task<SnapshotLoad> LoadAsync(ConfigurationSnapshot? known) => loader.LoadAsync(connection, known, CancellationToken.None);

    private async Task EqualsFullLoadAsync(ConfigurationSnapshot snapshot) =>
        Assert.Equal(SnapshotText.Of((await LoadAsync(null)).Snapshot), SnapshotText.Of(snapshot));

    private DeploymentSnapshot Served(ConfigurationSnapshot snapshot) => snapshot.Organisations[organisation].Models["fast"].Deployments[0];

    private static VirtualKeySnapshot? Find(ConfigurationSnapshot snapshot, string secret) => snapshot.Keys.Find(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static ConfigurationSnapshot OnDisk(ConfigurationSnapshot snapshot) => new()
    {
        Revision = snapshot.Revision, LoadedAt = snapshot.LoadedAt, FromDisk = true, Organisations = snapshot.Organisations, Keys = snapshot.Keys, Spending = snapshot.Spending,
    };
}
