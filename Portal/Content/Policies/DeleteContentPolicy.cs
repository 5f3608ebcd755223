using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>Takes a content policy away. For organisation admins and security reviewers.</summary>
public sealed class DeleteContentPolicy(ConfigurationWriter writer)
{
    /// <summary>Deletes it; of a team, the organisation's decides then. What was kept stays until its time is over.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var policy = await write.Context.ContentPolicies.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (policy is null) return new Failure.NotFound("content policy");
            write.Context.ContentPolicies.Remove(policy);
            write.Record<ContentPolicyDetails>("content.delete", ConfigurationKinds.Content, id, organisation, ContentPolicyDetails.Of(policy), null, DocumentJson.Default.ContentPolicyDetails);
            return new Done();
        }, cancellationToken);
    }
}
