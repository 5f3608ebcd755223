using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Tiers;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Tiers.</summary>
internal sealed class TierKind(CreateTier create, UpdateTier update, DeleteTier delete) : FileKind
{
    public override string Section => "tiers";

    public override string What => "tier";

    public override JsonTypeInfo Shape => FileJson.Default.TierRequest;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
        [new(wanted, async stop => import.Made(wanted, await create.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.TierRequest), stop), t => t.Id))];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Request(wanted.Entry, FileJson.Default.TierRequest), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Tiers.Values.Select(t => (t.Id, new JsonObject
    {
        ["name"] = t.Name, ["requests_per_minute"] = t.RequestsPerMinute, ["tokens_per_minute"] = t.TokensPerMinute, ["concurrency"] = t.Concurrency,
    }));
}

/// <summary>Who has which tier.</summary>
internal sealed class TierAssignmentKind(AssignTier assign, UnassignTier unassign) : FileKind
{
    public override string Section => "tier_assignments";

    public override string What => "tier assignment";

    public override JsonTypeInfo Shape => FileJson.Default.AssignTierRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) =>
    [
        new(now, async stop => (await unassign.RunAsync(import.Actor, now.Entry["scope_kind"]?.ToString(), await ScopeNames.IdAsync(import, now.Entry, stop), stop)).Failure),
    ];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Assignments.Values.Select(a => (a.Id, new JsonObject
    {
        ["scope_kind"] = a.ScopeKind, ["scope_id"] = state.ScopeName(a.ScopeKind, a.ScopeId), ["tier"] = state.Tiers.GetValueOrDefault(a.TierId)?.Name ?? a.TierId.ToString(),
    }));

    private Act Set(Import import, Thing wanted) => new(wanted, async stop =>
    {
        var request = Request(wanted.Entry, FileJson.Default.AssignTierRequest);
        return (await assign.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop)).Failure;
    });
}
