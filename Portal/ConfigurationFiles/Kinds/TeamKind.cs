using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Teams;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Teams that are not put away. One that a file names again is taken out; one that it does not name is put away, never deleted.</summary>
internal sealed class TeamKind(CreateTeam create, UpdateTeam update, ArchiveTeam archive) : FileKind
{
    public override string Section => "teams";

    public override string What => "team";

    public override JsonTypeInfo Shape => FileJson.Default.CreateTeamRequest;

    public override IReadOnlyList<string> Identity => ["slug"];

    public override string Ending => "archive";

    public override IEnumerable<Act> Create(Import import, Thing wanted)
    {
        if (import.State.Teams.Values.FirstOrDefault(t => t.Slug == wanted.Name && t.ArchivedAt is not null) is { } away)
        {
            yield return new(wanted, async stop => import.Made(wanted, await archive.RunAsync(import.Actor, away.Id, archived: false, stop), t => t.Id));
            yield return Set(import, wanted, () => away.Id);
        }
        else
        {
            yield return new(wanted, async stop => import.Made(wanted, await create.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.CreateTeamRequest), stop), t => t.Id));
        }
    }

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted, () => now.Id!.Value)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await archive.RunAsync(import.Actor, now.Id!.Value, archived: true, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Teams.Values.Where(t => t.ArchivedAt is null).Select(t => (t.Id, new JsonObject
    {
        ["slug"] = t.Slug, ["name"] = t.Name, ["allowed_models"] = List(t.AllowedModels), ["allowed_regions"] = List(t.AllowedRegions), ["guardrail_level"] = t.GuardrailLevel, ["default_model"] = t.DefaultModel,
        ["approval_threshold_usd"] = t.ApprovalThresholdUsd, ["approval_action"] = t.ApprovalAction, ["approval_model"] = t.ApprovalModel,
    }));

    private Act Set(Import import, Thing wanted, Func<Guid> id) =>
        new(wanted, async stop => (await update.RunAsync(import.Actor, id(), Request(wanted.Entry, FileJson.Default.UpdateTeamRequest, "slug"), stop)).Failure);
}
