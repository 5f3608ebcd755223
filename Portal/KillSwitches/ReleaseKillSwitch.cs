using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>Lets a stopped scope go again. For those who may stop it; team leads release what leads stopped.</summary>
public sealed class ReleaseKillSwitch(ConfigurationWriter writer, LiftKeyBrake lift)
{
    /// <summary>Releases it; gateways serve it again within a second.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor);
        if (Permissions.Refuse(acting, Permission.ThrowKillSwitch) is { } refusal) return refusal;
        var installation = ScopeRights.IsOperator(acting);

        var released = await writer.WriteAsync<Done>(acting, async (write, token) =>
        {
            var rows = await write.Context.KillSwitches.FromSql($"select * from kill_switches where id = {id} for update").ToListAsync(token);
            var stop = rows.Find(k => k.OrganisationId == acting.OrganisationId || (installation && k.OrganisationId == Guid.Empty));
            if (stop is null) return new Failure.NotFound("kill switch");
            var target = await ScopeFinder.OfRowAsync(write.Context, actor, stop.OrganisationId, stop.ScopeKind, stop.ScopeId, token);
            if (ScopeRights.Refuse(acting, Permission.ThrowKillSwitch, target) is { } foreign) return foreign;
            // Who stopped a team from above had a reason that its lead cannot overrule.
            if (ScopeRights.IsLead(acting, Permission.ThrowKillSwitch) && !await Bounds.IsByLeadAsync(write.Context, stop.OrganisationId, stop.CreatedBy, token))
                return new Failure.Forbidden($"{stop.CreatedBy} stopped it: ask them, or an organisation admin.");
            write.Context.KillSwitches.Remove(stop);
            write.Record<KillSwitchDetails>(
                "kill_switch.release", ConfigurationKinds.KillSwitch, id, stop.OrganisationId, KillSwitchDetails.Of(stop), null, DocumentJson.Default.KillSwitchDetails);
            return new Done();
        }, cancellationToken);
        if (released.Failure is not Failure.NotFound || actor.OrganisationId is null) return released;
        // A policy's stop stands in the same list.
        var lifted = await lift.RunAsync(actor, id, cancellationToken);
        return lifted.Succeeded ? new Done() : lifted.Failure is Failure.NotFound ? released : lifted.Failure!;
    }
}
