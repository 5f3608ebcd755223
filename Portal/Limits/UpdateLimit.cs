using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Limits;

/// <summary>Changes a limit. For admins; for team leads on their teams, below the ceiling.</summary>
public sealed class UpdateLimit(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<LimitDetails>> RunAsync(Actor actor, Guid id, UpdateLimitRequest request, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;

        return await writer.WriteAsync<LimitDetails>(acting, async (write, token) =>
        {
            var limit = await LimitsQuery.FindAsync(write.Context, acting, id, token);
            if (limit is null) return new Failure.NotFound("limit");
            var target = await ScopeFinder.OfRowAsync(write.Context, actor, limit.OrganisationId, limit.ScopeKind, limit.ScopeId, token);
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, target) is { } foreign) return foreign;
            var checks = new FieldChecks();
            var settings = LimitSettings.Read(checks, limit, request);
            if (checks.Failure is { } faults) return faults;
            if (await ModelNames.CheckAsync(write.Context, target.OrganisationId, "downgrade_model", settings.DowngradeModel, token) is { } noModel) return noModel;
            if (limit.ScopeKind == ScopeKinds.Model && settings.DowngradeModel is { } cheaper && cheaper == limit.ScopeId)
                return new Failure.Invalid([new("downgrade_model", "downgrade_model is the limited model itself.")]);

            var ceiling = await Ceiling.OfLimitsAsync(write.Context, actor, target, "amount", token);
            var before = LimitDetails.Of(limit);
            settings.Apply(limit);
            if (await ceiling.CheckAsync([LimitSettings.BoundOf(limit)], token) is { } over) return over;
            var after = LimitDetails.Of(limit);
            if (after == before) return after;
            write.Record("limit.update", ConfigurationKinds.Limit, limit.Id, target.OrganisationId, before, after, DocumentJson.Default.LimitDetails);
            return after;
        }, cancellationToken);
    }
}
