using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Anomaly policies. What they did is no configuration.</summary>
internal sealed class AnomalyKind(SetAnomalyPolicy set, DeleteAnomalyPolicy delete) : FileKind
{
    public override string Section => "anomalies";

    public override string What => "anomaly policy";

    public override JsonTypeInfo Shape => FileJson.Default.SetAnomalyPolicyRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Setting it anew says who set it and when, even where nothing differs.
    public override bool Same(Thing now, Thing wanted) =>
        JsonNode.DeepEquals(now.Entry, wanted.Entry) || (Settled(wanted) is { } settled && JsonNode.DeepEquals(Settled(now), settled));

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Anomalies.Values.Select(p => (p.Id, new JsonObject
    {
        ["scope_kind"] = p.ScopeKind, ["scope_id"] = state.ScopeName(p.ScopeKind, p.ScopeId), ["settings"] = Node(AnomalySettingsRequest.Of(p.Settings), FileJson.Default.AnomalySettingsRequest),
    }));

    // As it would be kept: without what is as usual or blank. Null = something is wrong, which the command says.
    private static JsonNode? Settled(Thing thing)
    {
        var checks = new FieldChecks();
        var settings = AnomalyChecks.Read(checks, Request(thing.Entry, FileJson.Default.SetAnomalyPolicyRequest).Settings);
        return checks.Failure is null ? Node(AnomalySettingsRequest.Of(settings), FileJson.Default.AnomalySettingsRequest) : null;
    }

    private Act Set(Import import, Thing wanted) => new(wanted, async stop =>
    {
        var request = Request(wanted.Entry, FileJson.Default.SetAnomalyPolicyRequest);
        return (await set.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop)).Failure;
    });
}
