using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Security;

/// <summary>Every command, as every role, on the own team, on another team of the organisation, and on another organisation.</summary>
public sealed class RolesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    /// <summary>Where a command's target lies, as seen by the actor.</summary>
    public enum Place
    {
        OwnTeam,
        OtherTeam,
        OtherOrganisation,
    }

    // The contracts' table, written down once more: who may run a command, and how far.
    private static readonly Dictionary<string, string[]> s_wholeOrganisation = new()
    {
        ["organisations"] = [Roles.Operator],
        ["teams"] = [Roles.Operator, Roles.OrganisationAdmin],
        ["keys"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform],
        ["models"] = [Roles.Operator, Roles.OrganisationAdmin, Roles.Platform],
    };

    private static readonly Dictionary<string, string[]> s_ownOnly = new()
    {
        ["organisations"] = [],
        ["teams"] = [],
        ["keys"] = [Roles.TeamLead, Roles.Developer],
        ["models"] = [],
    };

    private static readonly Case[] s_cases =
    [
        new(typeof(CreateOrganisation), "organisations", HasTarget: false, (t, a) => t.Run<CreateOrganisation, OrganisationDetails>(
            c => c.RunAsync(a, new() { Name = "New", Slug = $"s-{Guid.NewGuid():N}" }, default))),
        new(typeof(UpdateOrganisation), "teams", HasTarget: false, (t, a) => t.Run<UpdateOrganisation, OrganisationDetails>(
            c => c.RunAsync(a, new() { Name = "Renamed" }, default))),
        new(typeof(CreateTeam), "teams", HasTarget: false, (t, a) => t.Run<CreateTeam, TeamDetails>(
            c => c.RunAsync(a, new() { Name = "New", Slug = $"s-{Guid.NewGuid().ToString("N")[..20]}" }, default))),
        new(typeof(UpdateTeam), "teams", HasTarget: true, (t, a) => t.Run<UpdateTeam, TeamDetails>(c => c.RunAsync(a, t.Team, new() { Name = "Renamed" }, default))),
        new(typeof(ArchiveTeam), "teams", HasTarget: true, (t, a) => t.Run<ArchiveTeam, TeamDetails>(c => c.RunAsync(a, t.Team, archived: false, default))),
        new(typeof(IssueKey), "keys", HasTarget: true, (t, a) => t.Run<IssueKey, IssuedKey>(
            c => c.RunAsync(a, new() { TeamId = t.Team, Name = Guid.NewGuid().ToString() }, default))),
        new(typeof(UpdateKey), "keys", HasTarget: true, (t, a) => t.Run<UpdateKey, KeyDetails>(
            c => c.RunAsync(a, t.Key, new() { Name = Guid.NewGuid().ToString() }, default))),
        new(typeof(RotateKey), "keys", HasTarget: true, (t, a) => t.Run<RotateKey, IssuedKey>(c => c.RunAsync(a, t.Key, new(), default))),
        new(typeof(RevokeKeys), "keys", HasTarget: true, (t, a) => t.Run<RevokeKeys, RevokedKeys>(c => c.RunAsync(a, new() { Ids = [t.Key] }, default))),
        new(typeof(CreateProvider), "models", HasTarget: false, (t, a) => t.Run<CreateProvider, ProviderDetails>(
            c => c.RunAsync(a, new() { Name = "P", Slug = $"s-{Guid.NewGuid().ToString("N")[..20]}", BaseUrl = "https://example.org/v1" }, default))),
        new(typeof(UpdateProvider), "models", HasTarget: true, (t, a) => t.Run<UpdateProvider, ProviderDetails>(
            c => c.RunAsync(a, t.Provider, new() { Name = "P2", BaseUrl = "https://api.example.org/v2" }, default))),
        new(typeof(DeleteProvider), "models", HasTarget: true, (t, a) => t.Run<DeleteProvider, Done>(c => c.RunAsync(a, t.UnusedProvider, default))),
        new(typeof(CreateCredential), "models", HasTarget: true, (t, a) => t.Run<CreateCredential, CredentialDetails>(
            c => c.RunAsync(a, new() { ProviderId = t.Provider, Name = Guid.NewGuid().ToString(), Secret = "secret" }, default))),
        new(typeof(ReplaceCredential), "models", HasTarget: true, (t, a) => t.Run<ReplaceCredential, CredentialDetails>(
            c => c.RunAsync(a, t.Credential, new() { Secret = "other" }, default))),
        new(typeof(DeleteCredential), "models", HasTarget: true, (t, a) => t.Run<DeleteCredential, Done>(c => c.RunAsync(a, t.UnusedCredential, default))),
        new(typeof(ResealCredentials), "models", HasTarget: false, (t, a) => t.Run<ResealCredentials, ResealedCredentials>(c => c.RunAsync(a, default))),
        new(typeof(CreateDeployment), "models", HasTarget: true, (t, a) => t.Run<CreateDeployment, DeploymentDetails>(
            c => c.RunAsync(a, new() { Name = $"d{Guid.NewGuid():N}", ProviderId = t.Provider, UpstreamModel = "m" }, default))),
        new(typeof(UpdateDeployment), "models", HasTarget: true, (t, a) => t.Run<UpdateDeployment, DeploymentDetails>(
            c => c.RunAsync(a, t.Deployment, new() { Name = $"d{Guid.NewGuid():N}", UpstreamModel = "m" }, default))),
        new(typeof(DeleteDeployment), "models", HasTarget: true, (t, a) => t.Run<DeleteDeployment, Done>(c => c.RunAsync(a, t.UnusedDeployment, default))),
        new(typeof(SetPrice), "models", HasTarget: true, (t, a) => t.Run<SetPrice, PriceDetails>(
            c => c.RunAsync(a, new() { DeploymentId = t.Deployment, Components = new() { Input = 1 } }, default))),
        new(typeof(ImportPrices), "models", HasTarget: false, (t, a) => t.Run<ImportPrices, PriceImport>(c => c.RunAsync(
            a, new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"m{{Guid.NewGuid():N}}":{"litellm_provider":"x"} }""")), null, default, default))),
        new(typeof(CreateModel), "models", HasTarget: true, (t, a) => t.Run<CreateModel, ModelDetails>(
            c => c.RunAsync(a, new() { Name = $"m{Guid.NewGuid():N}", Deployments = [new() { DeploymentId = t.Deployment }] }, default))),
        new(typeof(UpdateModel), "models", HasTarget: true, (t, a) => t.Run<UpdateModel, ModelDetails>(
            c => c.RunAsync(a, t.Model, new() { Name = $"m{Guid.NewGuid():N}", Deployments = [new() { DeploymentId = t.Deployment }] }, default))),
        new(typeof(DeleteModel), "models", HasTarget: true, (t, a) => t.Run<DeleteModel, Done>(c => c.RunAsync(a, t.Model, default))),
    ];

    public static TheoryData<string, string, Place> Table()
    {
        var table = new TheoryData<string, string, Place>();
        foreach (var command in s_cases)
            foreach (var role in Roles.All)
            {
                table.Add(command.Type.Name, role, Place.OwnTeam);
                if (!command.HasTarget) continue;
                table.Add(command.Type.Name, role, Place.OtherTeam);
                table.Add(command.Type.Name, role, Place.OtherOrganisation);
            }
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Command_AsRoleAtPlace_DoesWhatTheContractsSay(string command, string role, Place place)
    {
        var its = s_cases.Single(c => c.Type.Name == command);
        var home = await portal.AddOrganisationAsync();
        var ownTeam = await portal.AddTeamAsync(home);
        var user = await portal.AddUserAsync(home, role, ownTeam);
        var targets = place switch
        {
            Place.OwnTeam => await Targets.CreateAsync(portal, home, ownTeam, role == Roles.Developer ? user : null),
            Place.OtherTeam => await Targets.CreateAsync(portal, home, await portal.AddTeamAsync(home), role == Roles.Developer ? user : null),
            _ => await Targets.CreateForeignAsync(portal),
        };
        var actor = PortalHost.Actor(role, home, user, ownTeam);
        var before = await portal.RevisionAsync();

        var failure = await its.Run(targets, actor);

        var expected = place switch
        {
            Place.OwnTeam => s_wholeOrganisation[its.Row].Contains(role) || s_ownOnly[its.Row].Contains(role),
            Place.OtherTeam => s_wholeOrganisation[its.Row].Contains(role),
            _ => false,
        };
        if (expected)
        {
            Assert.Null(failure);
            return;
        }
        // Of another organisation's deployment in a list, all that is said is that there is none.
        var refused = failure is Failure.Forbidden or Failure.NotFound || (place == Place.OtherOrganisation && failure is Failure.Invalid);
        Assert.True(refused, $"{failure?.GetType().Name}: {failure?.Message}");
        Assert.Equal(before, await portal.RevisionAsync());
    }

    [Fact]
    public void Table_OfCommands_NamesEveryCommandThatWrites()
    {
        var commands = typeof(ConfigurationWriter).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(ConfigurationWriter))))
            .Where(t => t.Namespace != "AspireGateway.Portal.Seed")
            .Select(t => t.Name).Order(StringComparer.Ordinal);
        Assert.Equal(commands, s_cases.Select(c => c.Type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task IssueKey_AsDeveloper_MakesTheKeyTheirOwn()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var user = await portal.AddUserAsync(organisation, Roles.Developer, team);
        var issued = await portal.Get<IssueKey>().RunAsync(PortalHost.Actor(Roles.Developer, organisation, user, team), new() { TeamId = team, Name = "mine" }, default);
        Assert.Equal(user, issued.Value.Key.OwnerId);
    }

    [Fact]
    public async Task RevokeKeys_OfAnotherDeveloperInTheSameTeam_IsForbidden()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var (mine, theirs) = (await portal.AddUserAsync(organisation, Roles.Developer, team), await portal.AddUserAsync(organisation, Roles.Developer, team));
        var key = await portal.Get<IssueKey>().RunAsync(PortalHost.Actor(Roles.Developer, organisation, theirs, team), new() { TeamId = team, Name = "theirs" }, default);
        var result = await portal.Get<RevokeKeys>().RunAsync(
            PortalHost.Actor(Roles.Developer, organisation, mine, team), new() { Ids = [key.Value.Key.Id] }, default);
        Assert.IsType<Failure.Forbidden>(result.Failure);
    }

    private sealed record Case(Type Type, string Row, bool HasTarget, Func<Targets, Actor, Task<Failure?>> Run);

    /// <summary>One of everything, to be changed.</summary>
    private sealed class Targets(PortalHost portal)
    {
        public Guid Team { get; private set; }

        public Guid Key { get; private set; }

        public Guid Provider { get; private set; }

        public Guid UnusedProvider { get; private set; }

        public Guid Credential { get; private set; }

        public Guid UnusedCredential { get; private set; }

        public Guid Deployment { get; private set; }

        public Guid UnusedDeployment { get; private set; }

        public Guid Model { get; private set; }

        public static async Task<Targets> CreateForeignAsync(PortalHost portal)
        {
            var organisation = await portal.AddOrganisationAsync();
            return await CreateAsync(portal, organisation, await portal.AddTeamAsync(organisation), null);
        }

        public static async Task<Targets> CreateAsync(PortalHost portal, Guid organisation, Guid team, Guid? owner)
        {
            await using var db = portal.Db();
            var now = PortalHost.Now();
            var (provider, unused) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            db.Providers.AddRange(new[] { provider, unused }.Select(id => new Provider
            {
                Id = id, OrganisationId = organisation, Slug = $"p-{id:N}", Name = "P", Protocol = "openai", BaseUrl = "https://api.example.org/v1", CreatedAt = now,
            }));
            var (credential, unusedCredential) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            db.Credentials.AddRange(new[] { credential, unusedCredential }.Select(id => new Credential
            {
                Id = id, OrganisationId = organisation, ProviderId = provider, Name = id.ToString(), Hint = "",
                SecretEnvelope = portal.Get<Shared.Data.SecretBox>().Seal("s", id), CreatedAt = now, UpdatedAt = now,
            }));
            var (deployment, unusedDeployment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            db.Deployments.AddRange(new[] { deployment, unusedDeployment }.Select(id => new Deployment
            {
                Id = id, OrganisationId = organisation, Name = $"d{id:N}", ProviderId = provider, CredentialId = credential, UpstreamModel = "m", CreatedAt = now,
            }));
            var model = new LogicalModel { Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = $"m{Guid.NewGuid():N}", CreatedAt = now };
            model.Deployments.Add(new() { ModelId = model.Id, DeploymentId = deployment });
            db.Models.Add(model);
            var key = new VirtualKey
            {
                Id = Guid.CreateVersion7(), OrganisationId = organisation, TeamId = team, OwnerId = owner, Name = Guid.NewGuid().ToString(), Prefix = "agw-x",
                SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()), CreatedAt = now, CreatedBy = "test",
            };
            db.VirtualKeys.Add(key);
            await db.SaveChangesAsync();
            return new(portal)
            {
                Team = team, Key = key.Id, Provider = provider, UnusedProvider = unused, Credential = credential, UnusedCredential = unusedCredential,
                Deployment = deployment, UnusedDeployment = unusedDeployment, Model = model.Id,
            };
        }

        public async Task<Failure?> Run<TCommand, T>(Func<TCommand, Task<Result<T>>> run)
            where TCommand : notnull => (await run(portal.Get<TCommand>())).Failure;
    }
}
