using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Organisations;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>The organisation's own settings.</summary>
internal sealed class OrganisationKind(UpdateOrganisation update) : FileKind
{
    public override string Section => "organization";

    public override string What => "organization";

    public override JsonTypeInfo Shape => FileJson.Default.UpdateOrganisationRequest;

    public override IReadOnlyList<string> Identity => [];

    public override bool IsSingle => true;

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.UpdateOrganisationRequest), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state)
    {
        var o = state.Organisation;
        yield return (o.Id, new JsonObject { ["name"] = o.Name, ["time_zone"] = o.TimeZone, ["default_model"] = o.DefaultModel, ["store_policy"] = o.StorePolicy });
    }
}
