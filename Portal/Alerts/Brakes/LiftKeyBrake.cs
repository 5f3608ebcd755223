using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>Lets a key go that a policy stopped or throttled. For those who may stop it; team leads for keys of their teams too, because no person's decision is overruled.</summary>
public sealed class LiftKeyBrake(ConfigurationWriter writer)
{
    /// <summary>The action in the audit.</summary>
    internal const string Action = "key_brake.lift";

    /// <summary>Lifts it; gateways serve the key again within a second. The policy does not act on the same event again.</summary>
    public async Task<Result<KeyBrakeDetails>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ThrowKillSwitch) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<KeyBrakeDetails>(actor, async (write, token) =>
        {
            var brake = await write.Context.KeyBrakes.FirstOrDefaultAsync(b => b.Id == id && b.OrganisationId == organisation, token);
            if (brake is null) return new Failure.NotFound("anomaly action");
            var target = await ScopeFinder.OfRowAsync(write.Context, actor, organisation, ScopeKinds.Key, brake.KeyId.ToString(), token);
            if (ScopeRights.Refuse(actor, Permission.ThrowKillSwitch, target) is { } foreign) return foreign;
            if (brake.EndedAt is not null || brake.Until <= write.Now) return new Failure.Conflict("It is over already.");
            var before = KeyBrakeDetails.Of(brake);
            (brake.EndedAt, brake.EndedBy) = (write.Now, actor.Name);
            var after = KeyBrakeDetails.Of(brake);
            write.Record(Action, ConfigurationKinds.KeyBrake, id, organisation, before, after, DocumentJson.Default.KeyBrakeDetails);
            return after;
        }, cancellationToken);
    }
}
