using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Pins;

/// <summary>The values of a pin that may change, checked.</summary>
internal sealed record PinSettings(string Deployment, string? Version, string? ServedAs, string OnUnavailable)
{
    private const int MaxVersion = 200;

    /// <summary>Checks what can be told without the database.</summary>
    public static PinSettings Read(FieldChecks checks, PinRequest request) => new(
        checks.Text("deployment", request.Deployment), checks.Optional("version", request.Version, MaxVersion), checks.Optional("served_as", request.ServedAs, MaxVersion),
        checks.Choice("on_unavailable", request.OnUnavailable, PinPolicies.All, PinPolicies.Fail));

    /// <summary>Sets them; the failure when there is no such deployment.</summary>
    public async Task<Failure?> ApplyAsync(GatewayDbContext context, Pin pin, CancellationToken cancellationToken)
    {
        Guid? id = Guid.TryParse(Deployment, out var parsed) ? parsed : null;
        var (organisation, name) = (pin.OrganisationId, Deployment);
        var found = await context.Deployments.Where(d => d.OrganisationId == organisation && (d.Id == id || d.Name == name))
            .OrderByDescending(d => d.Id == id).Select(d => new { d.Id, d.UpstreamModel }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return new Failure.Invalid([new("deployment", $"There is no deployment {Deployment}.")]);
        (pin.DeploymentId, pin.Version, pin.OnUnavailable) = (found.Id, Version ?? found.UpstreamModel, OnUnavailable);
        pin.ServedAs = ServedAs == pin.Version ? null : ServedAs;
        return null;
    }
}
