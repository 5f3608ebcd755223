using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Reliability;
using AspireGateway.Shared.Domain.Quality;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Logical models with how hard they try. Fallbacks may name models that stand further down: they are set when all models are there.</summary>
internal sealed class ModelKind(CreateModel create, UpdateModel update, DeleteModel delete, SetModelReliability reliability) : FileKind
{
    private const string Steps = "steps";

    public override string Section => "models";

    public override string What => "model";

    public override JsonTypeInfo Shape => FileJson.Default.ModelEntry;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted)
    {
        yield return new(wanted, async stop =>
        {
            var request = RequestOf(import, wanted);
            return request.Failure ?? import.Made(wanted, await create.RunAsync(import.Actor, request.Value, stop), m => m.Id);
        });
        if (wanted.Entry["reliability"] is not null) yield return SetReliability(import, wanted);
    }

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted)
    {
        yield return new(wanted, async stop =>
        {
            var request = RequestOf(import, wanted);
            return request.Failure ?? (await update.RunAsync(import.Actor, now.Id!.Value, request.Value, stop)).Failure;
        });
        if (!JsonNode.DeepEquals(now.Entry["reliability"], wanted.Entry["reliability"])) yield return SetReliability(import, wanted with { Id = now.Id });
    }

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Models.Values.Select(m => (m.Id, new JsonObject
    {
        ["name"] = m.Name, ["description"] = m.Description.Length == 0 ? null : m.Description, ["strategy"] = m.Strategy, ["quality"] = Node(Ordered(m.Quality), FileJson.Default.QualityBars),
        ["aliases"] = List(m.Aliases),
        ["deployments"] = new JsonArray([.. m.Deployments.Select(d => Place(state, d))]),
        ["cascade"] = Cascade(state, m), ["reliability"] = Node(Of(state.Reliability.GetValueOrDefault(m.Id)), FileJson.Default.ModelReliabilityRequest),
    }));

    private static JsonObject Place(HouseState state, ModelPlace place)
    {
        var written = new JsonObject { ["deployment"] = state.Deployments.GetValueOrDefault(place.DeploymentId)?.Name ?? place.DeploymentId.ToString() };
        if (place.Weight != 1) written["weight"] = place.Weight;
        return written;
    }

    private static JsonObject? Cascade(HouseState state, ModelDetails m)
    {
        if (m.Cascade is not { } cascade) return null;
        var written = new JsonObject();
        if (cascade.Steps.Count > 0) written[Steps] = List(cascade.Steps.Select(s => state.Deployments.GetValueOrDefault(s)?.Name ?? s.ToString()));
        if (cascade.Threshold is { } threshold) written["threshold"] = threshold;
        if (cascade.Checks.Count > 0) written["checks"] = List(cascade.Checks);
        if (cascade.MinCharacters is { } characters) written["min_characters"] = characters;
        if (cascade.Judge is { } judge) written["judge"] = new JsonObject { ["model"] = judge.Model, ["rubric"] = judge.Rubric };
        return written;
    }

    private static QualityBars? Ordered(QualityBars? bars) =>
        bars?.Tasks is { Count: > 0 } tasks ? bars with { Tasks = new SortedDictionary<string, double>(tasks.ToDictionary(), StringComparer.Ordinal) } : bars is null ? null : bars with { Tasks = null };

    // As a request, in which what is not set is not said.
    private static ModelReliabilityRequest? Of(ModelReliability? r)
    {
        if (r is null) return null;
        static bool? Said(bool value) => value ? true : null;
        var request = new ModelReliabilityRequest
        {
            Retries = r.Retries, ConnectTimeoutMs = r.ConnectTimeoutMs, FirstTokenTimeoutMs = r.FirstTokenTimeoutMs, IdleTimeoutMs = r.IdleTimeoutMs, TotalTimeoutMs = r.TotalTimeoutMs,
            LatencyBudgetMs = r.LatencyBudgetMs,
            Hedge = r.Hedge is { } h ? new() { AfterAtLeastMs = h.AfterAtLeastMs, AfterAtMostMs = h.AfterAtMostMs, MostPercent = h.MostPercent } : null,
            Fallbacks = r.Fallbacks.Count == 0 ? null : [.. r.Fallbacks.Select(f => new FallbackRequest
            {
                To = f.To, Status = f.Status.Count == 0 ? null : f.Status, Timeout = Said(f.Timeout), ContextLength = Said(f.ContextLength), ContentFilter = Said(f.ContentFilter), Budget = Said(f.Budget),
                AllFailed = Said(f.AllFailed),
            })],
            Degradation = r.Degradation is { } d ? new() { Action = d.Action, Text = d.Text } : null,
        };
        return request == new ModelReliabilityRequest() ? null : request;
    }

    private static Result<ModelRequest> RequestOf(Import import, Thing wanted)
    {
        // Steps are names here and ids there.
        var entry = wanted.Entry.DeepClone().AsObject();
        if (entry["cascade"] is JsonObject cascade && cascade[Steps] is JsonArray steps)
        {
            var ids = new JsonArray();
            foreach (var step in steps.Select(s => s!.GetValue<string>()))
            {
                if (import.Deployment(step) is not { } id) return Import.Unknown("cascade.steps", "deployment", step);
                ids.Add(id.ToString());
            }
            cascade[Steps] = ids;
        }
        var read = Request(entry, FileJson.Default.ModelEntry);
        var places = new List<ModelPlaceRequest>();
        foreach (var place in read.Deployments ?? [])
        {
            if (import.Deployment(place?.Deployment) is not { } id) return Import.Unknown("deployments", "deployment", place?.Deployment);
            places.Add(new() { DeploymentId = id, Weight = place!.Weight });
        }
        return new ModelRequest
        {
            Name = read.Name, Description = read.Description, Strategy = read.Strategy, Quality = read.Quality, Aliases = read.Aliases, Deployments = places, Cascade = read.Cascade,
        };
    }

    private Act SetReliability(Import import, Thing wanted) => new(wanted, async stop =>
    {
        if (import.IdOf(wanted) is not { } id) return Import.Unknown("name", What, wanted.Name);
        var settings = wanted.Entry["reliability"] is JsonObject said ? Request(said, FileJson.Default.ModelReliabilityRequest) : new();
        return (await reliability.RunAsync(import.Actor, id, settings, stop)).Failure;
    });
}
