using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Quality;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Models;

/// <summary>The values of a model that may change, checked.</summary>
internal sealed record ModelSettings(
    string Name, string Description, string Strategy, IReadOnlyList<string> Aliases, IReadOnlyList<(Guid Deployment, int Weight)> Places, QualityBars? Quality,
    Shared.Domain.Routing.CascadeSettings? Cascade)
{
    private const int MaxAliases = 50, MaxPlaces = 50, MaxWeight = 1_000_000;

    public static ModelSettings Read(FieldChecks checks, ModelRequest r)
    {
        var name = checks.ModelName("name", r.Name);
        var description = checks.Optional("description", r.Description, 500) ?? "";
        var strategy = checks.Optional("strategy", r.Strategy) ?? RoutingStrategies.Priority;
        checks.Must(RoutingStrategies.All.Contains(strategy, StringComparer.Ordinal), "strategy", $"strategy is one of {string.Join(", ", RoutingStrategies.All)}.");

        var aliases = new List<string>();
        foreach (var given in r.Aliases ?? [])
        {
            var alias = checks.ModelName("aliases", given);
            if (alias == name || aliases.Contains(alias, StringComparer.Ordinal)) checks.Add("aliases", $"{alias} stands twice.");
            aliases.Add(alias);
        }
        checks.Must(aliases.Count <= MaxAliases, "aliases", $"aliases may hold at most {MaxAliases} names.");

        var places = new List<(Guid, int)>();
        foreach (var place in r.Deployments ?? [])
        {
            if (place?.DeploymentId is not { } deployment)
            {
                checks.Add("deployments", "deployments name their deployment_id.");
                continue;
            }
            checks.Range("deployments", place.Weight, 0, MaxWeight);
            if (places.Exists(p => p.Item1 == deployment)) checks.Add("deployments", "A deployment stands twice.");
            places.Add((deployment, place.Weight ?? 1));
        }
        checks.Must(places.Count is > 0 and <= MaxPlaces, "deployments", $"deployments names 1 to {MaxPlaces} deployments.");
        checks.Must(strategy != RoutingStrategies.Cascade || places.Count != 1, "deployments", "A cascade needs at least two deployments.");
        return new(
            name, description, strategy, aliases, places, Portal.Quality.QualityBarsText.Check(checks, r.Quality), r.Cascade?.Read(checks, [.. places.Select(p => p.Item1)]));
    }

    /// <summary>What only the database can tell: names that other models have, deployments that do not exist.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid? modelId, CancellationToken cancellationToken)
    {
        string[] names = [Name, .. Aliases];
        var taken = await context.Models.Where(m => m.OrganisationId == organisation && m.Id != modelId && names.Contains(m.Name))
            .OrderBy(m => m.Name).Select(m => m.Name).FirstOrDefaultAsync(cancellationToken);
        taken ??= await context.ModelAliases.Where(a => a.OrganisationId == organisation && a.ModelId != modelId && names.Contains(a.Name))
            .OrderBy(a => a.Name).Select(a => a.Name).FirstOrDefaultAsync(cancellationToken);
        if (taken is not null)
            return new Failure.Conflict($"{taken} is the name or an alias of another model. Choose another one.", taken == Name ? "name" : "aliases");
        var deployments = Places.Select(p => p.Deployment).ToArray();
        var known = await context.Deployments.CountAsync(d => d.OrganisationId == organisation && deployments.Contains(d.Id), cancellationToken);
        if (Cascade?.Judge is { } judge)
        {
            if (judge.Model == Name || Aliases.Contains(judge.Model, StringComparer.Ordinal)) return new Failure.Invalid([new("cascade", "cascade.judge.model is the cascade itself. Choose another model.")]);
            if (await ModelNames.CheckAsync(context, organisation, "cascade", judge.Model, cancellationToken) is { } unknown) return unknown;
        }
        return known == deployments.Length ? null : new Failure.Invalid([new("deployments", "A deployment does not exist.")]);
    }

    public void Apply(LogicalModel model)
    {
        (model.Name, model.Description, model.Strategy, model.Quality, model.Cascade) = (Name, Description, Strategy, Quality, Cascade);
        model.Aliases.RemoveAll(a => !Aliases.Contains(a.Name, StringComparer.Ordinal));
        foreach (var alias in Aliases.Where(a => !model.Aliases.Exists(b => b.Name == a)))
            model.Aliases.Add(new() { OrganisationId = model.OrganisationId, Name = alias, ModelId = model.Id });
        model.Deployments.RemoveAll(d => !Places.Any(p => p.Deployment == d.DeploymentId));
        for (var position = 0; position < Places.Count; position++)
        {
            var (deployment, weight) = Places[position];
            var place = model.Deployments.Find(d => d.DeploymentId == deployment);
            if (place is null) model.Deployments.Add(place = new() { ModelId = model.Id, DeploymentId = deployment });
            (place.Position, place.Weight) = (position, weight);
        }
    }
}
