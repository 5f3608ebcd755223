using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Pins;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Version pins.</summary>
internal sealed class PinKind(CreatePin create, UpdatePin update, DeletePin delete) : FileKind
{
    public override string Section => "pins";

    public override string What => "pin";

    public override JsonTypeInfo Shape => FileJson.Default.CreatePinRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id", "model"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var request = Request(wanted.Entry, FileJson.Default.CreatePinRequest);
            return import.Made(wanted, await create.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop), p => p.Id);
        }),
    ];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Request(wanted.Entry, FileJson.Default.CreatePinRequest), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Pins.Values.Select(p => (p.Id, new JsonObject
    {
        ["scope_kind"] = p.ScopeKind, ["scope_id"] = state.ScopeName(p.ScopeKind, p.ScopeId), ["model"] = p.Model, ["deployment"] = state.Deployments.GetValueOrDefault(p.DeploymentId)?.Name,
        ["version"] = p.Version, ["served_as"] = p.ServedAs, ["on_unavailable"] = p.OnUnavailable,
    }));
}

/// <summary>Canaries that run. One that has ended is not begun again by the file that began it.</summary>
internal sealed class CanaryKind(CreateCanary create, AbortCanary abort) : FileKind
{
    public override string Section => "canaries";

    public override string What => "canary";

    public override JsonTypeInfo Shape => FileJson.Default.CreateCanaryRequest;

    public override IReadOnlyList<string> Identity => ["model"];

    public override string Ending => "abort";

    public override IEnumerable<Act> Create(Import import, Thing wanted)
    {
        var last = import.State.Canaries.Values.Where(c => c.Model == wanted.Name).MaxBy(c => c.Id);
        if (last is not null && JsonNode.DeepEquals(Entry(import.State, last), wanted.Entry)) yield break;
        yield return new(wanted, async stop => import.Made(wanted, await create.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.CreateCanaryRequest), stop), c => c.Id));
    }

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
    [
        new(wanted, _ => Task.FromResult<Failure?>(new Failure.Conflict($"A canary of model {now.Name} runs with other settings, and those stay until it ends. Promote or abort it first."))),
    ];

    public override IEnumerable<Act> End(Import import, Thing now) =>
        [new(now, async stop => (await abort.RunAsync(import.Actor, now.Id!.Value, new() { Reason = "The configuration that was brought in does not have it." }, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) =>
        state.Canaries.Values.Where(c => c.Status == CanaryStatuses.Running).Select(c => (c.Id, Entry(state, c)));

    private static JsonObject Entry(HouseState state, CanaryDetails c) => new()
    {
        ["model"] = c.Model, ["deployment"] = state.Deployments.GetValueOrDefault(c.DeploymentId)?.Name, ["sticky"] = c.Sticky, ["steps"] = Node(c.Steps, FileJson.Default.IReadOnlyListCanaryStep),
        ["min_requests"] = c.MinRequests, ["guards"] = Node(c.Guards, FileJson.Default.CanaryGuards),
    };
}
