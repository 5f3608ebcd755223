using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Caching;

/// <summary>Sets whether a scope's replies are kept, who shares them and for how long. For those who manage models.</summary>
public sealed class SetCachePolicy(ConfigurationWriter writer)
{
    /// <summary>Sets the policy, or replaces what was set on the scope; gateways hold to it within a second.</summary>
    public async Task<Result<CachePolicyDetails>> RunAsync(Actor actor, SetCachePolicyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, CachePolicyScopes.All);
        var scope = ReadScope(checks, kind, request.ScopeId);
        var settings = CacheChecks.Read(checks, request.Settings);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<CachePolicyDetails>(actor, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, scope, token);
            if (found.Failure is { } unknown) return unknown;
            var id = found.Value.Id;
            if (settings.Embedder is { } embedder && await ModelNames.CheckAsync(write.Context, organisation, "settings.embedder", embedder, token) is { } noEmbedder) return noEmbedder;
            var policy = await write.Context.CachePolicies.FirstOrDefaultAsync(p => p.OrganisationId == organisation && p.ScopeKind == kind && p.ScopeId == id, token);
            var before = policy is null ? null : CachePolicyDetails.Of(policy);
            if (policy is null)
            {
                policy = new CachePolicy { Id = write.NewId(), OrganisationId = organisation, ScopeKind = kind, ScopeId = id, CreatedBy = actor.Name };
                write.Context.CachePolicies.Add(policy);
            }
            (policy.Settings, policy.CreatedAt, policy.CreatedBy) = (settings, write.Now, actor.Name);
            var after = CachePolicyDetails.Of(policy);
            write.Record(before is null ? "cache.create" : "cache.update", ConfigurationKinds.Cache, policy.Id, organisation, before, after, DocumentJson.Default.CachePolicyDetails);
            return after;
        }, cancellationToken);
    }

    private static string? ReadScope(FieldChecks checks, string kind, string? value)
    {
        if (kind != CachePolicyScopes.Organisation) return checks.Text("scope_id", value, 200);
        checks.Must(string.IsNullOrWhiteSpace(value), "scope_id", "scope_id is for teams, keys and models: there is one organisation.");
        return null;
    }
}
