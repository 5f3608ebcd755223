using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails.Checks;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Checks outside of the gateway, without their secrets: one that is there keeps its own.</summary>
internal sealed class GuardrailCheckKind(SetGuardrailCheck set, DeleteGuardrailCheck delete) : FileKind
{
    public override string Section => "guardrail_checks";

    public override string What => "guardrail check";

    public override JsonTypeInfo Shape => FileJson.Default.GuardrailCheckRequest;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Setting it anew says who set it and when, even where nothing differs.
    public override bool Same(Thing now, Thing wanted) =>
        JsonNode.DeepEquals(now.Entry, wanted.Entry) || (Settled(wanted) is { } settled && JsonNode.DeepEquals(Settled(now), settled));

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) =>
        state.Checks.Values.Select(c => (c.Id, Node(GuardrailCheckRequest.Of(c), FileJson.Default.GuardrailCheckRequest)!.AsObject()));

    // With what is missing as it would be kept. Null = something is wrong, or a secret comes along.
    private static JsonNode? Settled(Thing thing)
    {
        var checks = new FieldChecks();
        var s = GuardrailCheckSettings.Read(checks, Request(thing.Entry, FileJson.Default.GuardrailCheckRequest));
        return checks.Failure is not null || s.Secret is not null ? null : Node(new GuardrailCheckRequest
        {
            Name = s.Name, Kind = s.Kind, Url = s.Url, Model = s.Model, IsPrivate = s.IsPrivate, TimeLimitMs = s.TimeLimitMs, OnError = s.OnError, AppliesTo = s.AppliesTo, MaxCharacters = s.MaxCharacters,
            Regions = s.Regions,
        }, FileJson.Default.GuardrailCheckRequest);
    }

    private Act Set(Import import, Thing wanted) =>
        new(wanted, async stop => (await set.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.GuardrailCheckRequest), stop)).Failure);
}
