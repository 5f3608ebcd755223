using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Residency;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Portal.Webhooks.Channels;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Residency rules.</summary>
internal sealed class ResidencyKind(SetResidency set, DeleteResidency delete) : FileKind
{
    public override string Section => "residency";

    public override string What => "residency rule";

    public override JsonTypeInfo Shape => FileJson.Default.SetResidencyRequest;

    public override IReadOnlyList<string> Identity => ["scope_kind", "scope_id"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [Set(import, wanted)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    // Setting it anew says who set it and when, even where nothing differs.
    public override bool Same(Thing now, Thing wanted) => Regions(now).SequenceEqual(Regions(wanted), StringComparer.Ordinal);

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Residency.Values.Select(r => (r.Id, new JsonObject
    {
        ["scope_kind"] = r.ScopeKind, ["scope_id"] = r.ScopeId, ["regions"] = List(r.Regions),
    }));

    private static string[] Regions(Thing thing)
    {
        var checks = new FieldChecks();
        return checks.Regions("regions", Request(thing.Entry, FileJson.Default.SetResidencyRequest).Regions);
    }

    private Act Set(Import import, Thing wanted) =>
        new(wanted, async stop => (await set.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.SetResidencyRequest), stop)).Failure);
}

/// <summary>Webhooks, without their secrets: one that is made gets its own, which is shown once.</summary>
internal sealed class WebhookKind(CreateWebhook create, UpdateWebhook update, DeleteWebhook delete) : FileKind
{
    public override string Section => "webhooks";

    public override string What => "webhook";

    public override JsonTypeInfo Shape => FileJson.Default.WebhookRequest;

    public override IReadOnlyList<string> Identity => ["name"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
    [
        new(wanted, async stop =>
        {
            var result = await create.RunAsync(import.Actor, Request(wanted.Entry, FileJson.Default.WebhookRequest), stop);
            if (result is { Succeeded: true, Value.Secret: not null }) import.Secrets.Add(result.Value);
            return import.Made(wanted, result, w => w.Webhook.Id);
        }),
    ];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) =>
        [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Request(wanted.Entry, FileJson.Default.WebhookRequest), stop)).Failure)];

    public override IEnumerable<Act> End(Import import, Thing now) => [new(now, async stop => (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure)];

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state) => state.Webhooks.Values.Select(w => (w.Id, new JsonObject
    {
        ["name"] = w.Name, ["kind"] = w.Kind == ChannelKinds.Generic ? null : w.Kind, ["url"] = w.Url, ["events"] = List(w.Events), ["is_enabled"] = w.IsEnabled ? null : false,
    }));
}
