using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Reliability;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Deployments with the price that holds and when they are left alone. A circuit that somebody opened by hand is no setting and stays as it is.</summary>
internal sealed class DeploymentKind(CreateDeployment create, UpdateDeployment update, DeleteDeployment delete, SetPrice price, SetBreaker breaker) : FileKind
{
    public override string Section => "deployments";

    public override string What => "deployment";

    public override JsonTypeInfo Shape => FileJson.Default.DeploymentEntry;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted)
    {
        var entry = Request(wanted.Entry, FileJson.Default.DeploymentEntry);
        yield return new(wanted, async stop =>
        {
            if (import.Provider(entry.Provider) is not { } provider) return Import.Unknown("provider", "provider", entry.Provider);
            var credentials = Credentials(import, provider, entry);
            return credentials.Failure ?? import.Made(wanted, await create.RunAsync(import.Actor, new()
            {
                Name = entry.Name, ProviderId = provider, CredentialIds = credentials.Value, UpstreamModel = entry.UpstreamModel, Region = entry.Region, ContextTokens = entry.ContextTokens,
                MaxOutputTokens = entry.MaxOutputTokens, Abilities = entry.Abilities, IsEnabled = entry.IsEnabled, Price = entry.Price,
            }, stop), d => d.Id);
        });
        // What the file leaves out the price book would have filled in.
        if (entry.ContextTokens is null || entry.MaxOutputTokens is null || entry.Abilities is null) yield return Set(import, wanted, entry);
        if (entry.Breaker is not null) yield return SetBreaker(import, wanted, entry);
    }

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted)
    {
        var (before, entry) = (Request(now.Entry, FileJson.Default.DeploymentEntry), Request(wanted.Entry, FileJson.Default.DeploymentEntry));
        if (entry.Provider != before.Provider)
        {
            yield return new(wanted, _ => Task.FromResult<Failure?>(new Failure.Invalid([new("provider", $"A deployment stays with its provider, which is {before.Provider}. Give the new one another name.")])));
            yield break;
        }
        yield return Set(import, wanted with { Id = now.Id }, entry);
        if ((entry.IsEnabled ?? true) != (before.IsEnabled ?? true))
            yield return new(wanted, async stop => (await update.EnableAsync(import.Actor, now.Id!.Value, entry.IsEnabled ?? true, stop)).Failure);
        if (entry.Price is { } components && components != before.Price)
            yield return new(wanted, async stop => (await price.RunAsync(import.Actor, new() { DeploymentId = now.Id, Components = components }, stop)).Failure);
        if (entry.Breaker != before.Breaker) yield return SetBreaker(import, wanted with { Id = now.Id }, entry);
    }

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Deployments.Values.Select(d => (d.Id, new JsonObject
    {
        ["name"] = d.Name, ["provider"] = state.Providers.GetValueOrDefault(d.ProviderId)?.Slug, ["upstream_model"] = d.UpstreamModel,
        ["credentials"] = List(d.CredentialIds.Select(c => state.Credentials.GetValueOrDefault(c)?.Name).OfType<string>()), ["region"] = d.Region, ["context_tokens"] = d.ContextTokens,
        ["max_output_tokens"] = d.MaxOutputTokens, ["abilities"] = d.Abilities is null ? null : new JsonArray([.. d.Abilities.Select(a => (JsonNode?)a)]), ["is_enabled"] = d.IsEnabled ? null : false,
        ["price"] = Price(state.Prices.GetValueOrDefault(d.Id)?.Components),
        ["breaker"] = Node(Of(state.Breakers.GetValueOrDefault(d.Id)), FileJson.Default.BreakerRequest),
    }));

    // The usual prices first; what costs nothing by the request is not said.
    private static JsonObject? Price(PriceComponents? components)
    {
        if (Node(components, FileJson.Default.PriceComponents) is not JsonObject written) return null;
        if (components!.Request == 0) written.Remove("request");
        foreach (var last in (string[])["images", "second", "character", "search", "request", "steps", "tiers"])
            if (written.Remove(last, out var value)) written[last] = value;
        return written;
    }

    private static BreakerRequest? Of(BreakerSettings? b)
    {
        if (b is null) return null;
        var request = new BreakerRequest
        {
            Failures = b.Failures, FailurePercent = b.FailurePercent, MinimumRequests = b.MinimumRequests, WindowSeconds = b.WindowSeconds, LatencyMs = b.LatencyMs, OpenSeconds = b.OpenSeconds,
            ProbeEverySeconds = b.Probe?.EverySeconds, ProbePath = b.Probe?.Path,
        };
        return request == new BreakerRequest() ? null : request;
    }

    private static Result<IReadOnlyList<Guid>> Credentials(Import import, Guid provider, DeploymentEntry entry)
    {
        var ids = new List<Guid>();
        foreach (var name in entry.Credentials ?? [])
        {
            if (import.Credential(provider, name) is not { } id)
                return new Failure.Invalid([new("credentials", $"Provider {entry.Provider} has no credential {name}. Secrets are not in files: add it on the Models page, then import again.")]);
            ids.Add(id);
        }
        return ids;
    }

    private Act Set(Import import, Thing wanted, DeploymentEntry entry) => new(wanted, async stop =>
    {
        if (import.IdOf(wanted) is not { } id || import.Provider(entry.Provider) is not { } provider) return Import.Unknown("name", What, wanted.Name);
        var credentials = Credentials(import, provider, entry);
        return credentials.Failure ?? (await update.RunAsync(import.Actor, id, new()
        {
            Name = entry.Name, CredentialIds = credentials.Value, UpstreamModel = entry.UpstreamModel, Region = entry.Region, ContextTokens = entry.ContextTokens,
            MaxOutputTokens = entry.MaxOutputTokens, Abilities = entry.Abilities,
        }, stop)).Failure;
    });

    private Act SetBreaker(Import import, Thing wanted, DeploymentEntry entry) => new(wanted, async stop =>
        import.IdOf(wanted) is { } id ? (await breaker.RunAsync(import.Actor, id, entry.Breaker ?? new(), stop)).Failure : Import.Unknown("name", What, wanted.Name));
}
