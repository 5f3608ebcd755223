using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Tiers;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Prices;

namespace AspireGateway.Portal.Seed;

/// <summary>Writes the first configuration's rows, each with its audit entry, inside one change.</summary>
internal sealed class SeedWriter
{
    private readonly ConfigurationWrite write;
    private readonly SecretBox box;
    private readonly Organisation organisation;
    private readonly Dictionary<string, List<Deployment>> tiers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogicalModel> models = new(StringComparer.Ordinal);

    public SeedWriter(ConfigurationWrite write, SecretBox box, string name, string slug)
    {
        this.write = write;
        this.box = box;
        organisation = new() { Id = write.NewId(), Slug = slug, Name = name, CreatedAt = write.Now };
        write.Context.Organisations.Add(organisation);
        Record("organisation.create", ConfigurationKinds.Organisation, organisation.Id, OrganisationDetails.Of(organisation), DocumentJson.Default.OrganisationDetails);
        TierTemplates.Add(write, organisation.Id);
        GuardrailTemplate.Add(write, organisation.Id, "seed");
    }

    /// <summary>A provider with its credential, its deployments, and a logical model of each one's own name.</summary>
    public void AddProvider(SeedProvider seed)
    {
        var (provider, credential) = AddProvider(seed.Slug, seed.Name, seed.Protocol, seed.BaseUrl, isPrivate: false, seed.Secret, seed.Hint);
        foreach (var model in seed.Models)
        {
            var deployment = AddDeployment($"{seed.Slug}-{model.Upstream}", provider, credential, model, seed.Region);
            AddModel(model.BookName ?? model.Upstream, $"{seed.Name} {model.BookName ?? model.Upstream}", [], [deployment]);
            if (model.Tier is null) continue;
            if (!tiers.TryGetValue(model.Tier, out var peers)) tiers[model.Tier] = peers = [];
            peers.Add(deployment);
        }
    }

    /// <summary>The neutral names over all providers, each the other's fallback; the first is the organisation's default.</summary>
    public void AddTiers()
    {
        var made = Catalogue.Tiers.Where(t => tiers.ContainsKey(t.Name)).ToList();
        foreach (var (name, description) in made) AddModel(name, description, [], tiers[name]);
        if ((made.FirstOrDefault().Name ?? models.Keys.FirstOrDefault()) is { } first) SetDefault(first);
    }

    /// <summary>The simulator with the demo's models; the first is the organisation's default.</summary>
    /// <param name="address">Its address without a path.</param>
    public void AddSimulator(string address)
    {
        // The simulator takes any key; one is stored so that the demo shows the whole way.
        var (provider, credential) = AddProvider("simulator", "Simulator", Protocols.OpenAi, address + "/v1", isPrivate: true, "simulator", "");
        var deployments = Catalogue.Simulator.ToDictionary(
            m => m.Upstream, m => AddDeployment(m.Upstream, provider, credential, m, null), StringComparer.Ordinal);
        foreach (var (name, upstream, aliases, description) in Catalogue.DemoModels) AddModel(name, description, aliases, [deployments[upstream]]);
        foreach (var p in Catalogue.SimulatedProtocols)
        {
            var (other, key) = AddProvider(p.Slug, p.Name, p.Protocol, address + p.Path, isPrivate: true, p.Secret, "");
            AddModel(p.LogicalModel, p.Description, [], [AddDeployment(p.Model.Upstream, other, key, p.Model, p.Region)]);
        }
        SetDefault(Catalogue.DemoModels[0].Name);
    }

    /// <summary>A team that may use every model.</summary>
    public Team AddTeam(string name, string slug)
    {
        var team = new Team { Id = write.NewId(), OrganisationId = organisation.Id, Slug = slug, Name = name, CreatedAt = write.Now };
        write.Context.Teams.Add(team);
        Record("team.create", ConfigurationKinds.Team, team.Id, TeamDetails.Of(team), DocumentJson.Default.TeamDetails);
        return team;
    }

    /// <summary>A virtual key with a secret that is known already.</summary>
    public void AddKey(Team team, string name, string secret)
    {
        var key = new VirtualKey
        {
            Id = write.NewId(), OrganisationId = organisation.Id, TeamId = team.Id, Name = name, Prefix = VirtualKeySecret.PrefixOf(secret),
            SecretHash = VirtualKeySecret.Hash(secret), CreatedAt = write.Now, CreatedBy = Seeder.ActorName,
        };
        write.Context.VirtualKeys.Add(key);
        Record("virtual_key.issue", ConfigurationKinds.VirtualKey, key.Id, KeyDetails.Of(key), DocumentJson.Default.KeyDetails);
    }

    private (Provider Provider, Credential Credential) AddProvider(
        string slug, string name, string protocol, string baseUrl, bool isPrivate, string secret, string hint)
    {
        var provider = new Provider
        {
            Id = write.NewId(), OrganisationId = organisation.Id, Slug = slug, Name = name, Protocol = protocol, BaseUrl = baseUrl,
            IsPrivate = isPrivate, CreatedAt = write.Now,
        };
        var id = write.NewId();
        var credential = new Credential
        {
            Id = id, OrganisationId = organisation.Id, ProviderId = provider.Id, Name = "default", SecretEnvelope = box.Seal(secret, id),
            Hint = hint, CreatedAt = write.Now, UpdatedAt = write.Now,
        };
        write.Context.Providers.Add(provider);
        write.Context.Credentials.Add(credential);
        Record("provider.create", ConfigurationKinds.Provider, provider.Id, ProviderDetails.Of(provider), DocumentJson.Default.ProviderDetails);
        Record("credential.create", ConfigurationKinds.Credential, id, CredentialDetails.Of(credential), DocumentJson.Default.CredentialDetails);
        return (provider, credential);
    }

    private Deployment AddDeployment(string name, Provider provider, Credential credential, SeedModel model, string? region)
    {
        var known = provider.IsPrivate ? null : PriceBook.BuiltIn.Find(provider.Protocol, model.BookName ?? model.Upstream);
        var deployment = new Deployment
        {
            Id = write.NewId(), OrganisationId = organisation.Id, Name = name, ProviderId = provider.Id, CredentialId = credential.Id,
            UpstreamModel = model.Upstream, Region = region, ContextTokens = model.ContextTokens ?? known?.ContextTokens,
            MaxOutputTokens = model.MaxOutputTokens ?? known?.MaxOutputTokens,
            Abilities = (model.Abilities ?? known?.Abilities) is { } abilities ? AbilityNames.Of(abilities) : null, CreatedAt = write.Now,
        };
        write.Context.Deployments.Add(deployment);
        Record("deployment.create", ConfigurationKinds.Deployment, deployment.Id, DeploymentDetails.Of(deployment), DocumentJson.Default.DeploymentDetails);
        // An Azure deployment of a model that the book does not know: its price is set by hand.
        if ((model.Price ?? known?.Price) is not { } components) return deployment;
        var price = new PriceVersion
        {
            Id = write.NewId(), OrganisationId = organisation.Id, DeploymentId = deployment.Id, ValidFrom = write.Now, Components = components,
            Source = PriceSources.Book, CreatedBy = Seeder.ActorName, CreatedAt = write.Now,
        };
        write.Context.PriceVersions.Add(price);
        Record("price.set", ConfigurationKinds.Price, price.Id, PriceDetails.Of(price), DocumentJson.Default.PriceDetails);
        return deployment;
    }

    private void AddModel(string name, string description, string[] aliases, IReadOnlyList<Deployment> deployments)
    {
        // Two providers of one model: the second is the first one's fallback.
        if (models.TryGetValue(name, out var there))
        {
            foreach (var deployment in deployments) there.Deployments.Add(new ModelDeployment { ModelId = there.Id, DeploymentId = deployment.Id, Position = there.Deployments.Count });
            return;
        }
        var model = new LogicalModel { Id = write.NewId(), OrganisationId = organisation.Id, Name = name, Description = description, CreatedAt = write.Now };
        model.Aliases.AddRange(aliases.Select(a => new ModelAlias { OrganisationId = organisation.Id, Name = a, ModelId = model.Id }));
        model.Deployments.AddRange(deployments.Select((d, position) => new ModelDeployment { ModelId = model.Id, DeploymentId = d.Id, Position = position }));
        write.Context.Models.Add(model);
        models[name] = model;
    }

    /// <summary>Ends the change: models are audited as they have become.</summary>
    public void Finish()
    {
        foreach (var model in models.Values)
            Record("model.create", ConfigurationKinds.Model, model.Id, ModelDetails.Of(model), DocumentJson.Default.ModelDetails);
    }

    private void SetDefault(string model)
    {
        var before = OrganisationDetails.Of(organisation);
        organisation.DefaultModel = model;
        write.Record(
            "organisation.update", ConfigurationKinds.Organisation, organisation.Id, organisation.Id, before, OrganisationDetails.Of(organisation),
            DocumentJson.Default.OrganisationDetails);
    }

    private void Record<T>(string action, string kind, Guid id, T after, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json)
        where T : class =>
        write.Record(action, kind, id, organisation.Id, null, after, json);
}
