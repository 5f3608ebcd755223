using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Features;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Registered features with whoever answers for them, by address: one of a person of the organisation is that person.</summary>
internal sealed class FeatureKind(CreateFeature create, UpdateFeature update, DeleteFeature delete) : FileKind
{
    public override string Section => "features";

    public override string What => "feature";

    public override JsonTypeInfo Shape => FileJson.Default.FeatureEntry;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var entry = Request(wanted.Entry, FileJson.Default.FeatureEntry);
            return import.Made(wanted, await create.RunAsync(import.Actor, new() { Name = entry.Name, Description = entry.Description, OwnerEmail = entry.Owner }, stop), f => f.Id);
        }),
    ];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var entry = Request(wanted.Entry, FileJson.Default.FeatureEntry);
            return (await update.RunAsync(import.Actor, now.Id!.Value, new() { Description = entry.Description, OwnerEmail = entry.Owner }, stop)).Failure;
        }),
    ];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Features.Values.Select(f => (f.Id, new JsonObject
    {
        ["name"] = f.Name, ["description"] = f.Description, ["owner"] = f.OwnerId is { } owner ? state.Owners.GetValueOrDefault(owner) : f.OwnerEmail,
    }));
}
