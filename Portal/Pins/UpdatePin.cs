using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Pins;

/// <summary>Changes a pin; whose requests and which model stay. For those who manage models.</summary>
public sealed class UpdatePin(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<PinDetails>> RunAsync(Actor actor, Guid id, PinRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = PinSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<PinDetails>(actor, async (write, token) =>
        {
            var pin = await write.Context.Pins.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (pin is null) return new Failure.NotFound("pin");
            var before = PinDetails.Of(pin);
            if (await settings.ApplyAsync(write.Context, pin, token) is { } failure) return failure;
            var after = PinDetails.Of(pin);
            if (after == before) return after;
            write.Record("pin.update", ConfigurationKinds.Pin, id, organisation, before, after, DocumentJson.Default.PinDetails);
            return after;
        }, cancellationToken);
    }
}
