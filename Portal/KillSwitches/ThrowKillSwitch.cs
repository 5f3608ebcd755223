using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>Stops a scope. For admins, platform and security reviewers; for team leads their teams, keys and users.</summary>
public sealed class ThrowKillSwitch(ConfigurationWriter writer)
{
    private const int MaxReason = 500;

    /// <summary>Stops it; gateways refuse its requests within a second.</summary>
    public async Task<Result<KillSwitchDetails>> RunAsync(Actor actor, ThrowKillSwitchRequest request, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor, request.ScopeKind);
        if (Permissions.Refuse(acting, Permission.ThrowKillSwitch) is { } refusal) return refusal;
        var checks = new FieldChecks();
        // There is no stop for "all that have none of their own".
        var (kind, id) = ScopeFinder.Read(checks, request.ScopeKind, request.ScopeId, ScopeKinds.All, withDefaults: false);
        var reason = checks.Text("reason", request.Reason, MaxReason);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<KillSwitchDetails>(acting, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, id, token);
            if (found.Failure is { } unknown) return unknown;
            var target = found.Value;
            if (ScopeRights.Refuse(acting, Permission.ThrowKillSwitch, target) is { } foreign) return foreign;
            if (await write.Context.KillSwitches.AnyAsync(k => k.OrganisationId == target.OrganisationId && k.ScopeKind == kind && k.ScopeId == target.Id, token))
                return new Failure.Conflict("It is stopped already.", "scope_id");
            var stop = new KillSwitch
            {
                Id = write.NewId(), OrganisationId = target.OrganisationId, ScopeKind = kind, ScopeId = target.Id, Reason = reason, CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            write.Context.KillSwitches.Add(stop);
            var after = KillSwitchDetails.Of(stop);
            write.Record("kill_switch.throw", ConfigurationKinds.KillSwitch, stop.Id, target.OrganisationId, null, after, DocumentJson.Default.KillSwitchDetails);
            return after;
        }, cancellationToken);
    }
}
