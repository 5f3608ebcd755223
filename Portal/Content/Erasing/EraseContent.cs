using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Content.Erasing;

/// <summary>Erases all texts of a user by destroying the key that encrypts them. For organisation admins and security reviewers. It cannot be taken back.</summary>
public sealed class EraseContent(ConfigurationWriter writer, ContentKeyStore keys, TimeProvider clock)
{
    /// <summary>Destroys the key, at once and in every copy of the rows; the rows themselves are deleted by a job. Refused while a legal hold stands on any of them.</summary>
    public async Task<Result<ContentErasureDetails>> RunAsync(Actor actor, EraseContentRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var user = checks.Text("user_id", request.UserId, ContentRights.MaxUser);
        var reason = ContentRights.Reason(checks, request.Reason);
        if (checks.Failure is { } faults) return faults;

        var subject = (await keys.OrganisationAsync(organisation, clock.GetUtcNow(), cancellationToken)).SubjectOf(user);
        return await writer.WriteAsync<ContentErasureDetails>(actor, async (write, token) =>
        {
            var database = write.Context.Database;
            var holds = await database.SqlQuery<string>($"""
                select h.scope_kind || case when t.name is null then '' else ' ' || t.name end as "Value" from content_holds h left join teams t on h.scope_kind = 'team' and t.id::text = h.scope_id
                where h.organisation_id = {organisation} and h.released_at is null and (h.scope_kind = 'organisation' or h.subject = {subject} or (h.scope_kind = 'team' and exists (
                    select from content_records r join content_keys k on k.id = r.data_key where k.organisation_id = {organisation} and k.subject = {subject} and r.team_id::text = h.scope_id)))
                order by h.id limit 1
                """).ToListAsync(token);
            if (holds is [var hold])
                return new Failure.Conflict($"A legal hold on {(hold == "user" ? "this user" : hold == "organisation" ? "the whole organisation" : hold)} stands: nothing that it covers may be erased. Release the hold first, or wait until it is.", "user_id");

            var found = (await database.SqlQuery<long>($"""
                select count(*) as "Value" from content_records where data_key in (select id from content_keys where organisation_id = {organisation} and subject = {subject})
                """).ToListAsync(token))[0];
            var destroyed = await database.ExecuteSqlAsync($"""
                update content_keys set wrapped = null, destroyed_at = {write.Now} where organisation_id = {organisation} and subject = {subject} and wrapped is not null
                """, token);
            // A mark where there was no key: what gateways hold in memory by now must not get one either.
            if (destroyed == 0)
            {
                await database.ExecuteSqlAsync($"""
                    insert into content_keys (id, organisation_id, subject, version, wrapped, created_at, destroyed_at)
                    select {write.NewId()}, {organisation}, {subject}, coalesce(max(version), 0) + 1, null, {write.Now}, {write.Now} from content_keys where organisation_id = {organisation} and subject = {subject}
                    """, token);
            }
            // Texts that wait for a reviewer are the user's as well; they are under the master key, so the bytes go.
            await database.ExecuteSqlAsync($"update quarantined_requests set payload = null where organisation_id = {organisation} and user_id = {user} and payload is not null", token);

            var erasure = new ContentErasureDetails { Id = write.NewId(), UserId = user, Reason = reason, CreatedAt = write.Now, CreatedBy = actor.Name, RowsFound = found, FinishedAt = found == 0 ? write.Now : null };
            await database.ExecuteSqlAsync($"""
                insert into content_erasures (id, organisation_id, user_id, subject, reason, created_at, created_by, rows_found, finished_at)
                values ({erasure.Id}, {organisation}, {user}, {subject}, {reason}, {erasure.CreatedAt}, {erasure.CreatedBy}, {found}, {erasure.FinishedAt})
                """, token);
            write.Note("content.erase", ConfigurationKinds.Content, erasure.Id, organisation, erasure, DocumentJson.Default.ContentErasureDetails);
            return erasure;
        }, cancellationToken);
    }
}
