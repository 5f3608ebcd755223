using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Gateway.Caching.Store;

/// <summary>What a reply depends on, by which it can be purged, and the epochs of all that before it was made.</summary>
/// <param name="Fields">Fields of <see cref="CachePurge"/>.</param>
/// <param name="Epochs">Their values, in the same order.</param>
internal sealed record CacheDependencies(string[] Fields, string[] Epochs)
{
    /// <summary>What a request's reply depends on.</summary>
    public static string[] Of(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var fields = new List<string>(5)
        {
            CachePurge.All, CachePurge.OfTeam(caller.Team.Id), CachePurge.OfKey(caller.Key.Id), CachePurge.OfModel(exchange.Plan!.Model.Name), CachePurge.OfRoute(exchange.Operation.Name),
        };
        if (exchange.Request!.Tags is not { } tags) return [.. fields];
        using var document = JsonDocument.Parse(tags);
        foreach (var tag in document.RootElement.EnumerateObject()) fields.Add(CachePurge.OfTag(tag.Name, tag.Value.GetString() ?? ""));
        return [.. fields];
    }
}
