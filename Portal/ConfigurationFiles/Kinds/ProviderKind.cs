using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Providers;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>Providers. Their credentials are named for those who read the file; none is made or deleted by one.</summary>
internal sealed class ProviderKind(CreateProvider create, UpdateProvider update, DeleteProvider delete) : FileKind
{
    private const string Credentials = "credentials";

    public override string Section => "providers";

    public override string What => "provider";

    public override JsonTypeInfo Shape => FileJson.Default.ProviderEntry;

    public override IReadOnlyList<string> Identity => ["slug"];

    public override IEnumerable<Act> Create(Import import, Thing wanted) =>
        [new(wanted, async stop => import.Made(wanted, await create.RunAsync(import.Actor, Of(wanted), stop), p => p.Id))];

    public override IEnumerable<Act> Change(Import import, Thing now, Thing wanted) => [new(wanted, async stop => (await update.RunAsync(import.Actor, now.Id!.Value, Of(wanted), stop)).Failure)];

    // Its credentials' secrets would go along and could not come back.
    public override IEnumerable<Act> End(Import import, Thing now) =>
    [
        new(now, async stop => import.State.Credentials.Values.FirstOrDefault(c => c.ProviderId == now.Id) is { } credential
            ? new Failure.Conflict($"It has the credential {credential.Name}, whose secret no file can bring back. Delete its credentials by hand first.")
            : (await delete.RunAsync(import.Actor, now.Id!.Value, stop)).Failure),
    ];

    public override bool Same(Thing now, Thing wanted) => JsonNode.DeepEquals(Without(now.Entry), Without(wanted.Entry));

    /// <summary>Credentials that a file names and the organisation does not have.</summary>
    public static IEnumerable<string> Missing(Import import, Thing wanted)
    {
        var provider = import.Provider(wanted.Name);
        foreach (var name in (wanted.Entry[Credentials] as JsonArray ?? []).Select(n => n!.GetValue<string>()))
            if (provider is null || import.Credential(provider.Value, name) is null) yield return name;
    }

    protected override IEnumerable<(Guid Id, JsonObject Entry)> Entries(HouseState state)
    {
        var credentials = state.Credentials.Values.ToLookup(c => c.ProviderId);
        return state.Providers.Values.Select(p => (p.Id, new JsonObject
        {
            ["slug"] = p.Slug, ["name"] = p.Name, ["protocol"] = p.Protocol, ["base_url"] = p.BaseUrl, ["is_private"] = p.IsPrivate ? true : null,
            ["connect_timeout_ms"] = p.ConnectTimeoutMs, ["first_byte_timeout_ms"] = p.FirstByteTimeoutMs, ["idle_timeout_ms"] = p.IdleTimeoutMs,
            [Credentials] = List(credentials[p.Id].Select(c => c.Name).Order(StringComparer.Ordinal)),
        }));
    }

    private static ProviderRequest Of(Thing wanted)
    {
        var e = Request(wanted.Entry, FileJson.Default.ProviderEntry);
        return new()
        {
            Slug = e.Slug, Name = e.Name, Protocol = e.Protocol, BaseUrl = e.BaseUrl, IsPrivate = e.IsPrivate, ConnectTimeoutMs = e.ConnectTimeoutMs, FirstByteTimeoutMs = e.FirstByteTimeoutMs,
            IdleTimeoutMs = e.IdleTimeoutMs,
        };
    }

    private static JsonObject Without(JsonObject entry)
    {
        var copy = entry.DeepClone().AsObject();
        copy.Remove(Credentials);
        return copy;
    }
}
