using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>Takes a content policy away. For organisation admins and security reviewers.</summary>
public sealed class DeleteContentPolicy(ConfigurationWriter writer)
{
    private readonly PolicyRows<ContentPolicy, ContentPolicyDetails> rows = SetContentPolicy.Rows(writer);

    /// <summary>Deletes it; of a team, the organisation's decides then. What was kept stays until its time is over.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        Permissions.Refuse(actor, Permission.ManageContent) is { } refusal ? refusal : await rows.DeleteAsync(actor, id, cancellationToken);
}
