using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Content;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>Sets whether a scope's texts are kept, in which form and for how long. For organisation admins and security reviewers.</summary>
public sealed class SetContentPolicy(ConfigurationWriter writer)
{
    /// <summary>Sets the policy, or replaces what was set on the scope; gateways hold to it within a second.</summary>
    public async Task<Result<ContentPolicyDetails>> RunAsync(Actor actor, SetContentPolicyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, ContentScopes.OfPolicies);
        var scope = ReadScope(checks, kind, request.ScopeId);
        var settings = ContentChecks.Read(checks, request.Settings);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ContentPolicyDetails>(actor, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, scope, token);
            if (found.Failure is { } unknown) return unknown;
            var id = found.Value.Id;
            var policy = await write.Context.ContentPolicies.FirstOrDefaultAsync(p => p.OrganisationId == organisation && p.ScopeKind == kind && p.ScopeId == id, token);
            var before = policy is null ? null : ContentPolicyDetails.Of(policy);
            if (policy is null)
            {
                policy = new ContentPolicy { Id = write.NewId(), OrganisationId = organisation, ScopeKind = kind, ScopeId = id, CreatedBy = actor.Name };
                write.Context.ContentPolicies.Add(policy);
            }
            (policy.Settings, policy.CreatedAt, policy.CreatedBy) = (settings, write.Now, actor.Name);
            var after = ContentPolicyDetails.Of(policy);
            write.Record(before is null ? "content.create" : "content.update", ConfigurationKinds.Content, policy.Id, organisation, before, after, DocumentJson.Default.ContentPolicyDetails);
            return after;
        }, cancellationToken);
    }

    private static string? ReadScope(FieldChecks checks, string kind, string? value)
    {
        if (kind != ContentScopes.Organisation) return checks.Text("scope_id", value, 200);
        checks.Must(string.IsNullOrWhiteSpace(value), "scope_id", "scope_id is for teams: there is one organisation.");
        return null;
    }
}
