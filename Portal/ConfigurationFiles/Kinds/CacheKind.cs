using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Cache policies.</summary>
internal sealed class CacheKind(SetCachePolicy set, DeleteCachePolicy delete) : FileKind
{
    public override string Section => "caches";

    public override string What => "cache policy";

    public override JsonTypeInfo Shape => FileJson.Default.SetCachePolicyRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Setting it anew says who set it and when, even where nothing differs.
    public override bool Same(Thing now, Thing wanted) =>
        JsonNode.DeepEquals(now.Entry, wanted.Entry) || (Settled(wanted) is { } settled && JsonNode.DeepEquals(Settled(now), settled));

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Caches.Values.Select(c => (c.Id, new JsonObject
    {
        ["scope_kind"] = c.ScopeKind, ["scope_id"] = state.ScopeName(c.ScopeKind, c.ScopeId), ["settings"] = Node(CacheSettingsRequest.Of(c.Settings), FileJson.Default.CacheSettingsRequest),
    }));

    // As it would be kept: without what is as usual or blank. Null = something is wrong, which the command says.
    private static JsonNode? Settled(Thing thing)
    {
        var checks = new FieldChecks();
        var settings = CacheChecks.Read(checks, Request(thing.Entry, FileJson.Default.SetCachePolicyRequest).Settings);
        return checks.Failure is null ? Node(CacheSettingsRequest.Of(settings), FileJson.Default.CacheSettingsRequest) : null;
    }

    private Act Set(Import import, Thing wanted) => new(wanted, async stop =>
    {
        var request = Request(wanted.Entry, FileJson.Default.SetCachePolicyRequest);
        return (await set.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop)).Failure;
    });
}
