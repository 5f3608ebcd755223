using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Prices;

/// <summary>A new price of a deployment.</summary>
public sealed record SetPriceRequest
{
    /// <summary>The deployment.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>From when it holds, now or later; missing = now.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The prices in nano-USD: of a million tokens, seconds or characters; of one image, search or request.</summary>
    public PriceComponents? Components { get; init; }
}

/// <summary>Sets a deployment's price from a moment on; what was recorded before keeps the price of its time. For those who manage models.</summary>
public sealed class SetPrice(ConfigurationWriter writer)
{
    /// <summary>Adds a version.</summary>
    public async Task<Result<PriceDetails>> RunAsync(Actor actor, SetPriceRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Must(request.DeploymentId is not null, "deployment_id", "deployment_id is required.");
        Check(checks, "components", request.Components, required: true);
        if (checks.Failure is { } faults) return faults;
        var components = request.Components!;

        return await writer.WriteAsync<PriceDetails>(actor, async (write, token) =>
        {
            if (request.ValidFrom < write.Now)
                return new Failure.Invalid([new("valid_from", "valid_from may not be in the past: what was recorded keeps its price.")]);
            var deployment = await write.Context.Deployments.FirstOrDefaultAsync(d => d.Id == request.DeploymentId && d.OrganisationId == organisation, token);
            return deployment is null
                ? new Failure.NotFound("deployment")
                : Add(write, actor, deployment, request.ValidFrom?.ToUniversalTime() ?? write.Now, components, PriceSources.Manual);
        }, cancellationToken);
    }

    /// <summary>Checks the numbers of a price.</summary>
    internal static void Check(FieldChecks checks, string field, PriceComponents? components, bool required = false)
    {
        if (components is null)
        {
            checks.Must(!required, field, $"{field} is required.");
            return;
        }
        foreach (var fault in PriceRules.Faults(components)) checks.Must(false, $"{field}.{fault.Field}", $"{field}.{fault.Field} {fault.Message}.");
    }

    /// <summary>Adds a version inside a change that is under way.</summary>
    internal static PriceDetails Add(
        ConfigurationWrite write, Actor actor, Deployment deployment, DateTimeOffset validFrom, PriceComponents components, string source)
    {
        var version = new PriceVersion
        {
            Id = write.NewId(), OrganisationId = deployment.OrganisationId, DeploymentId = deployment.Id, ValidFrom = validFrom,
            Components = components, Source = source, CreatedBy = actor.Name, CreatedAt = write.Now,
        };
        write.Context.PriceVersions.Add(version);
        var after = PriceDetails.Of(version);
        write.Record("price.set", ConfigurationKinds.Price, version.Id, deployment.OrganisationId, null, after, DocumentJson.Default.PriceDetails);
        return after;
    }
}
