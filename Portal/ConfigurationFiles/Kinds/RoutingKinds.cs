using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Routes;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Tasks of the organisation's own.</summary>
internal sealed class TaskKind(CreateTask create, UpdateTask update, DeleteTask delete) : FileKind
{
    public override string Section => "tasks";

    public override string What => "task";

    public override JsonTypeInfo Shape => FileJson.Default.TaskRequest;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
        [new(wanted, async stop => import.Made(wanted, await create.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.TaskRequest), stop), t => t.Id))];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Request(wanted.Entry, FileJson.Default.TaskRequest), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) =>
        state.Tasks.Values.Select(t => (t.Id, new JsonObject { ["name"] = t.Name, ["words"] = List(t.Words), ["patterns"] = List(t.Patterns) }));
}

/// <summary>Routing rules, in the order in which they are asked.</summary>
internal sealed class RuleKind(CreateRule create, UpdateRule update, DeleteRule delete, ReorderRules reorder) : FileKind
{
    public override string Section => "rules";

    public override string What => "rule";

    public override JsonTypeInfo Shape => FileJson.Default.RuleRequest;

    public override IReadOnlyList<string> Identity => ["name"];

    public override bool IsOrdered => true;

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var request = await RequestAsync(import, wanted, stop);
            return request.Failure ?? import.Made(wanted, await create.RunAsync(import.Actor, request.Value, stop), r => r.Id);
        }),
    ];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var request = await RequestAsync(import, wanted, stop);
            return request.Failure ?? (await update.RunAsync(import.Actor, now.Id!.Value, request.Value, stop)).Failure;
        }),
    ];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Rules that the file does not name keep their places; the file's share out the others in the file's order.
    public override IEnumerable<Act> Finish(Import import, IReadOnlyList<Thing> wanted) => wanted.Count == 0 ? [] :
    [
        new(wanted[0], async stop =>
        {
            var ids = wanted.Select(import.IdOf).ToList();
            if (ids.Contains(null)) return new Failure.Conflict("The order waits for rules that could not be made.");
            var there = RulesQuery.InOrder(import.Rows, import.Actor.OrganisationId!.Value).Select(r => r.Id).ToList();
            var next = new Queue<Guid>(ids.Select(id => id!.Value));
            var named = next.ToHashSet();
            return (await reorder.RunAsync(import.Actor, new() { Ids = there.ConvertAll(id => named.Contains(id) ? next.Dequeue() : id) }, stop)).Failure;
        }),
    ];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Rules.Values.OrderBy(r => r.Position).ThenBy(r => r.Id).Select(r => (r.Id, new JsonObject
    {
        ["name"] = r.Name, ["enabled"] = r.Enabled ? null : false, ["when"] = When(state, r.When), ["then"] = Node(r.Then, FileJson.Default.RuleAction),
    }));

    private static JsonObject? When(HouseState state, RuleConditions when)
    {
        var written = Node(when, FileJson.Default.RuleConditions)!.AsObject();
        if (when.Teams is { } teams) written["teams"] = List(teams.Select(t => state.ScopeName(ScopeKinds.Team, t.ToString())!));
        if (when.Keys is { } keys) written["keys"] = List(keys.Select(k => state.ScopeName(ScopeKinds.Key, k.ToString())!));
        if (when.Tags is { } tags) written["tags"] = new JsonObject(tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        if (when.Budget is { ScopeId: { } whose } budget) written["budget"]!["scope_id"] = state.ScopeName(budget.Scope, whose);
        return written.Count == 0 ? null : written;
    }

    private static async Task<Result<RuleRequest>> RequestAsync(Import import, Thing wanted, CancellationToken cancellationToken)
    {
        var entry = wanted.Entry.DeepClone().AsObject();
        if (entry["when"] is JsonObject when)
        {
            foreach (var (field, kind) in ((string, string)[])[("teams", ScopeKinds.Team), ("keys", ScopeKinds.Key)])
            {
                if (when[field] is not JsonArray names) continue;
                var ids = await IdsAsync(import, kind, names, cancellationToken);
                if (ids.Failure is { } unknown) return unknown;
                when[field] = ids.Value;
            }
            if (when["budget"] is JsonObject budget && budget["scope_id"]?.ToString() is { } whose && budget["scope"]?.ToString() is ScopeKinds.Team or ScopeKinds.Key)
            {
                var id = await IdsAsync(import, budget["scope"]!.ToString(), new JsonArray(whose), cancellationToken);
                if (id.Failure is { } unknown) return unknown;
                budget["scope_id"] = id.Value[0]!.ToString();
            }
        }
        return Request(entry, FileJson.Default.RuleRequest);
    }

    private static async Task<Result<JsonArray>> IdsAsync(Import import, string kind, JsonArray names, CancellationToken cancellationToken)
    {
        var ids = new JsonArray();
        foreach (var name in names.Select(n => n!.ToString()))
        {
            var id = kind == ScopeKinds.Team ? import.Team(name) : await import.KeyAsync(name, cancellationToken);
            if (id is null) return Import.Unknown($"when.{kind}s", kind, name);
            ids.Add(id.Value.ToString());
        }
        return ids;
    }
}
