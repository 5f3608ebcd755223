using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Content.Holds;

/// <summary>Releases a legal hold. For organisation admins and security reviewers.</summary>
public sealed class ReleaseHold(ConfigurationWriter writer)
{
    /// <summary>Releases it: what was due meanwhile is deleted within minutes.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, ReleaseHoldRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var reason = ContentRights.Reason(checks, request.Reason);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var released = await write.Context.Database.SqlQuery<Released>($"""
                update content_holds set released_at = {write.Now}, released_by = {actor.Name} where id = {id} and organisation_id = {organisation} and released_at is null
                returning scope_kind as "Kind", scope_id as "Scope"
                """).ToListAsync(token);
            if (released is not [var hold]) return new Failure.NotFound("legal hold that stands");
            write.Note("content.unhold", ConfigurationKinds.Content, id, organisation, new HoldRelease(hold.Kind, hold.Scope, reason), DocumentJson.Default.HoldRelease);
            return new Done();
        }, cancellationToken);
    }

    private sealed record Released(string Kind, string? Scope);
}
