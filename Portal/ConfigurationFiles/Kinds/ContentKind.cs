using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Content.Policies;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Content policies. Legal holds and texts are no configuration.</summary>
internal sealed class ContentKind(SetContentPolicy set, DeleteContentPolicy delete) : FileKind
{
    public override string Section => "content";

    public override string What => "content policy";

    public override JsonTypeInfo Shape => FileJson.Default.SetContentPolicyRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Setting it anew says who set it and when, even where nothing differs.
    public override bool Same(Thing now, Thing wanted) =>
        JsonNode.DeepEquals(now.Entry, wanted.Entry) || (Settled(wanted) is { } settled && JsonNode.DeepEquals(Settled(now), settled));

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Contents.Values.Select(c => (c.Id, new JsonObject
    {
        ["scope_kind"] = c.ScopeKind, ["scope_id"] = state.ScopeName(c.ScopeKind, c.ScopeId), ["settings"] = Node(ContentSettingsRequest.Of(c.Settings), FileJson.Default.ContentSettingsRequest),
    }));

    // As it would be kept: without what is as usual or blank. Null = something is wrong, which the command says.
    private static JsonNode? Settled(Thing thing)
    {
        var checks = new FieldChecks();
        var settings = ContentChecks.Read(checks, Request(thing.Entry, FileJson.Default.SetContentPolicyRequest).Settings);
        return checks.Failure is null ? Node(ContentSettingsRequest.Of(settings), FileJson.Default.ContentSettingsRequest) : null;
    }

    private Act Set(Import import, Thing wanted) => new(wanted, async stop =>
    {
        var request = Request(wanted.Entry, FileJson.Default.SetContentPolicyRequest);
        return (await set.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop)).Failure;
    });
}
