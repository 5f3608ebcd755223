using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Content;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Content.Holds;

/// <summary>Places a legal hold. For organisation admins and security reviewers.</summary>
public sealed class PlaceHold(ConfigurationWriter writer, ContentKeyStore keys, TimeProvider clock)
{
    /// <summary>Places it: from now on retention and erasure leave everything of the scope alone.</summary>
    public async Task<Result<ContentHoldDetails>> RunAsync(Actor actor, PlaceHoldRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, ContentScopes.OfHolds);
        var scope = kind == ContentScopes.Organisation ? checks.Optional("scope_id", request.ScopeId) : checks.Text("scope_id", request.ScopeId, ContentRights.MaxUser);
        checks.Must(kind != ContentScopes.Organisation || scope is null, "scope_id", "scope_id is for teams and users: there is one organisation.");
        var reason = ContentRights.Reason(checks, request.Reason);
        if (checks.Failure is { } faults) return faults;

        var subject = kind == ContentScopes.User ? (await keys.OrganisationAsync(organisation, clock.GetUtcNow(), cancellationToken)).SubjectOf(scope) : null;
        return await writer.WriteAsync<ContentHoldDetails>(actor, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, scope, token);
            if (found.Failure is { } unknown) return unknown;
            var hold = new ContentHoldDetails { Id = write.NewId(), ScopeKind = kind, ScopeId = found.Value.Id, Reason = reason, CreatedAt = write.Now, CreatedBy = actor.Name };
            var placed = await write.Context.Database.ExecuteSqlAsync($"""
                insert into content_holds (id, organisation_id, scope_kind, scope_id, subject, reason, created_at, created_by)
                values ({hold.Id}, {organisation}, {hold.ScopeKind}, {hold.ScopeId}, {subject}, {reason}, {hold.CreatedAt}, {hold.CreatedBy}) on conflict do nothing
                """, token);
            if (placed == 0) return new Failure.Conflict("There is a hold on this already. It stands until it is released.", "scope_id");
            write.Note("content.hold", ConfigurationKinds.Content, hold.Id, organisation, hold, DocumentJson.Default.ContentHoldDetails);
            return hold;
        }, cancellationToken);
    }
}
