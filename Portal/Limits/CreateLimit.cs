using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Limits;

/// <summary>Sets a limit on a scope. For admins; for team leads on their teams, below the ceiling.</summary>
public sealed class CreateLimit(ConfigurationWriter writer)
{
    /// <summary>Sets it; gateways hold to it within a second.</summary>
    public async Task<Result<LimitDetails>> RunAsync(Actor actor, CreateLimitRequest request, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor, request.ScopeKind);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var (kind, id) = ScopeFinder.Read(checks, request.ScopeKind, request.ScopeId, ScopeKinds.All);
        var unit = checks.Choice("unit", request.Unit, LimitUnits.All);
        var period = LimitSettings.ReadPeriod(checks, unit, request.Period);
        var settings = LimitSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<LimitDetails>(acting, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, id, token);
            if (found.Failure is { } unknown) return unknown;
            var target = found.Value;
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, target) is { } foreign) return foreign;
            if (await ModelNames.CheckAsync(write.Context, target.OrganisationId, "downgrade_model", settings.DowngradeModel, token) is { } noModel) return noModel;
            if (kind == ScopeKinds.Model && settings.DowngradeModel is { } cheaper && cheaper == target.Id)
                return new Failure.Invalid([new("downgrade_model", "downgrade_model is the limited model itself.")]);
            if (await write.Context.Limits.AnyAsync(
                l => l.OrganisationId == target.OrganisationId && l.ScopeKind == kind && l.ScopeId == target.Id && l.Unit == unit && l.Period == period, token))
                return new Failure.Conflict("The scope has a limit of this unit and period already. Change that one.", "unit");

            var ceiling = await Ceiling.OfLimitsAsync(write.Context, actor, target, "amount", token);
            var limit = new Limit
            {
                Id = write.NewId(), OrganisationId = target.OrganisationId, ScopeKind = kind, ScopeId = target.Id, Unit = unit, Period = period,
                CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            settings.Apply(limit);
            write.Context.Limits.Add(limit);
            if (await ceiling.CheckAsync([LimitSettings.BoundOf(limit)], token) is { } over) return over;
            var after = LimitDetails.Of(limit);
            write.Record("limit.create", ConfigurationKinds.Limit, limit.Id, target.OrganisationId, null, after, DocumentJson.Default.LimitDetails);
            return after;
        }, cancellationToken);
    }
}
