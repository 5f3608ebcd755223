using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Pins;

/// <summary>Takes a pin away. For those who manage models.</summary>
public sealed class DeletePin(ConfigurationWriter writer)
{
    /// <summary>Deletes it; a wider pin, or the model's strategy, holds within a second.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var pin = await write.Context.Pins.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (pin is null) return new Failure.NotFound("pin");
            write.Context.Pins.Remove(pin);
            write.Record<PinDetails>("pin.delete", ConfigurationKinds.Pin, id, organisation, PinDetails.Of(pin), null, DocumentJson.Default.PinDetails);
            return new Done();
        }, cancellationToken);
    }
}
