using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Limits;

/// <summary>Takes a limit away. For admins; for team leads those of their teams that leads set, or that the team's own value still bounds.</summary>
public sealed class DeleteLimit(ConfigurationWriter writer)
{
    /// <summary>Deletes it; the default of its kind, where there is one, holds again.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;

        return await writer.WriteAsync<Done>(acting, async (write, token) =>
        {
            var limit = await LimitsQuery.FindAsync(write.Context, acting, id, token);
            if (limit is null) return new Failure.NotFound("limit");
            var target = await ScopeFinder.OfRowAsync(write.Context, actor, limit.OrganisationId, limit.ScopeKind, limit.ScopeId, token);
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, target) is { } foreign) return foreign;
            var ceiling = await Ceiling.OfLimitsAsync(write.Context, actor, target, "id", token);
            write.Context.Limits.Remove(limit);
            if (await ceiling.CheckAsync([], token) is { } over) return over;
            write.Record<LimitDetails>(
                "limit.delete", ConfigurationKinds.Limit, id, target.OrganisationId, LimitDetails.Of(limit), null, DocumentJson.Default.LimitDetails);
            return new Done();
        }, cancellationToken);
    }
}
