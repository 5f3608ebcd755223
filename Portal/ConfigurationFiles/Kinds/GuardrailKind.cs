using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Guardrail policies.</summary>
internal sealed class GuardrailKind(SetGuardrails set, DeleteGuardrails delete) : FileKind
{
    public override string Section => "guardrails";

    public override string What => "guardrail policy";

    public override JsonTypeInfo Shape => FileJson.Default.SetGuardrailsRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Setting it anew says who set it and when, even where nothing differs.
    public override bool Same(Thing now, Thing wanted) =>
        JsonNode.DeepEquals(now.Entry, wanted.Entry) || (Settled(wanted) is { } settled && JsonNode.DeepEquals(Settled(now), settled));

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Guardrails.Values.Select(g => (g.Id, new JsonObject
    {
        ["scope_kind"] = g.ScopeKind, ["scope_id"] = state.ScopeName(g.ScopeKind, g.ScopeId), ["settings"] = Node(Plain(g.Settings), FileJson.Default.GuardrailSettings),
    }));

    // As it would be kept: without what is as usual, blank or there twice. Null = something is wrong, which the command says.
    private static JsonNode? Settled(Thing thing)
    {
        var checks = new FieldChecks();
        var settings = GuardrailChecks.Read(checks, Request(thing.Entry, FileJson.Default.SetGuardrailsRequest).Settings);
        return checks.Failure is null ? Node(Plain(settings), FileJson.Default.GuardrailSettings) : null;
    }

    // Without what is as usual.
    private static GuardrailSettings Plain(GuardrailSettings settings)
    {
        var plain = settings with { };
        foreach (var guardrail in GuardrailDescription.All)
            if (guardrail.RuleIn(plain) is { Restore: true } rule) guardrail.Put(plain, rule with { Restore = null });
        return plain;
    }

    private Act Set(Import import, Thing wanted) => new(wanted, async stop =>
    {
        var request = Request(wanted.Entry, FileJson.Default.SetGuardrailsRequest);
        return (await set.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop)).Failure;
    });
}
