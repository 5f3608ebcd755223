using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Limits;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Limits of the organisation; those of the whole installation are not part of a file.</summary>
internal sealed class LimitKind(CreateLimit create, UpdateLimit update, DeleteLimit delete) : FileKind
{
    public override string Section => "limits";

    public override string What => "limit";

    public override JsonTypeInfo Shape => FileJson.Default.CreateLimitRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id", "unit", "period"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var request = Request(wanted.Entry, FileJson.Default.CreateLimitRequest);
            return import.Made(wanted, await create.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop), l => l.Id);
        }),
    ];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Request(wanted.Entry, FileJson.Default.UpdateLimitRequest, Identity), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Limits.Values.Select(l => (l.Id, new JsonObject
    {
        ["scope_kind"] = l.ScopeKind, ["scope_id"] = state.ScopeName(l.ScopeKind, l.ScopeId), ["unit"] = l.Unit, ["period"] = l.Period, ["amount"] = l.Amount, ["burst"] = l.Burst,
        ["on_limit"] = l.OnLimit, ["queue_ms"] = l.QueueMs, ["downgrade_model"] = l.DowngradeModel,
    }));
}

/// <summary>Budgets of the organisation, without raises: those end by themselves.</summary>
internal sealed class BudgetKind(CreateBudget create, UpdateBudget update, DeleteBudget delete) : FileKind
{
    public override string Section => "budgets";

    public override string What => "budget";

    public override JsonTypeInfo Shape => FileJson.Default.CreateBudgetRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id", "period"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var request = Request(wanted.Entry, FileJson.Default.CreateBudgetRequest);
            return import.Made(wanted, await create.RunAsync(import.Actor, request with { ScopeId = await ScopeNames.IdAsync(import, wanted.Entry, stop) }, stop), b => b.Id);
        }),
    ];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Request(wanted.Entry, FileJson.Default.UpdateBudgetRequest, Identity), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Budgets.Values.Select(b => (b.Id, new JsonObject
    {
        ["scope_kind"] = b.ScopeKind, ["scope_id"] = state.ScopeName(b.ScopeKind, b.ScopeId), ["period"] = b.Period, ["cap_usd"] = b.CapUsd, ["on_exceeded"] = b.OnExceeded,
        ["downgrade_model"] = b.DowngradeModel, ["thresholds"] = new JsonArray([.. b.Thresholds.Select(t => (JsonNode?)t)]),
    }));
}
