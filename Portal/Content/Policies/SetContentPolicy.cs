using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>Sets whether a scope's texts are kept, in which form and for how long. For organisation admins and security reviewers.</summary>
public sealed class SetContentPolicy(ConfigurationWriter writer)
{
    private readonly PolicyRows<ContentPolicy, ContentPolicyDetails> rows = Rows(writer);

    /// <summary>Sets the policy, or replaces what was set on the scope; gateways hold to it within a second.</summary>
    public async Task<Result<ContentPolicyDetails>> RunAsync(Actor actor, SetContentPolicyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageContent) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var scope = PolicyRows<ContentPolicy, ContentPolicyDetails>.ReadScope(checks, request.ScopeKind, request.ScopeId, ContentScopes.OfPolicies, "teams");
        var settings = ContentChecks.Read(checks, request.Settings);
        if (checks.Failure is { } faults) return faults;
        return await rows.SetAsync(
            actor, scope, (id, target) => new() { Id = id, OrganisationId = target.OrganisationId, ScopeKind = target.Kind, ScopeId = target.Id, CreatedBy = actor.Name }, row => row.Settings = settings,
            cancellationToken);
    }

    /// <summary>The policies' rows.</summary>
    internal static PolicyRows<ContentPolicy, ContentPolicyDetails> Rows(ConfigurationWriter writer) =>
        new(writer, ConfigurationKinds.Content, "content policy", ContentPolicyDetails.Of, DocumentJson.Default.ContentPolicyDetails);
}
