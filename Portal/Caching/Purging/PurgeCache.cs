using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Caching.Purging;

/// <summary>Makes gateways forget replies that they keep. For those who manage models.</summary>
public sealed class PurgeCache(ConfigurationWriter writer, CacheServer server)
{
    // Longest pair that gateways take in x-gateway-tags.
    private const int MaxTag = 128;

    /// <summary>Purges: from then on no reply that depends on it is given. The audit tells of it only when Redis has said that it is done.</summary>
    public async Task<Result<CachePurgeDetails>> RunAsync(Actor actor, PurgeCacheRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, PurgeScopes.All);
        var name = ReadName(checks, kind, request.ScopeId);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<CachePurgeDetails>(actor, async (write, token) =>
        {
            var found = await FindAsync(write.Context, actor, kind, name, token);
            if (found.Failure is { } unknown) return unknown;
            var details = new CachePurgeDetails { ScopeKind = kind, ScopeId = found.Value, PurgedAt = write.Now };
            var target = Guid.TryParse(found.Value, out var id) ? id : organisation;
            // No configuration of a gateway changes by it.
            write.Note("cache.purge", ConfigurationKinds.Cache, target, organisation, details, DocumentJson.Default.CachePurgeDetails);
            // Last: what fails before it purges nothing, and what fails in it is not audited.
            return await server.PurgeAsync(organisation, FieldOf(kind, found.Value), token) is { } why ? new Failure.Unavailable(why) : details;
        }, cancellationToken);
    }

    private static string? ReadName(FieldChecks checks, string kind, string? value)
    {
        switch (kind)
        {
            case PurgeScopes.Organisation:
                checks.Must(string.IsNullOrWhiteSpace(value), "scope_id", "scope_id is for models, routes, teams, keys and tags: there is one organisation.");
                return null;
            case PurgeScopes.Route:
                return checks.Choice("scope_id", value, CachedRoutes.All);
            case PurgeScopes.Tag:
                var tag = checks.Text("scope_id", value, MaxTag);
                checks.Must(tag.Length == 0 || tag.IndexOf('=', StringComparison.Ordinal) > 0, "scope_id", "scope_id is a tag as name=value, such as stage=test.");
                return tag;
            // Without a kind nothing can be said of the name.
            case "":
                return null;
            default:
                return checks.Text("scope_id", value, 200);
        }
    }

    private static async Task<Result<string?>> FindAsync(GatewayDbContext context, Actor actor, string kind, string? name, CancellationToken cancellationToken)
    {
        if (kind is PurgeScopes.Organisation or PurgeScopes.Route or PurgeScopes.Tag) return name;
        var found = await ScopeFinder.FindAsync(context, actor, kind, name, cancellationToken);
        return found.Failure is { } unknown ? unknown : found.Value.Id;
    }

    private static string FieldOf(string kind, string? id) => kind switch
    {
        PurgeScopes.Model => CachePurge.OfModel(id!),
        PurgeScopes.Route => CachePurge.OfRoute(id!),
        PurgeScopes.Team => CachePurge.OfTeam(Guid.Parse(id!)),
        PurgeScopes.Key => CachePurge.OfKey(Guid.Parse(id!)),
        PurgeScopes.Tag when id!.IndexOf('=', StringComparison.Ordinal) is var at => CachePurge.OfTag(id[..at], id[(at + 1)..]),
        _ => CachePurge.All,
    };
}
