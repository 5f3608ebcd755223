using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Components.Frame;

/// <summary>The organisation whose portal this is, as the frame shows it.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Zone">The zone in which its times are written.</param>
public sealed record House(Guid Id, string Name, TimeZoneInfo Zone);

/// <summary>Reads the organisation that an actor acts in.</summary>
public sealed class HouseQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>The organisation; a failure when there is none yet.</summary>
    public async Task<Result<House>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Organisations
            .Where(o => o.Id == actor.OrganisationId).Select(o => new { o.Id, o.Name, o.TimeZone }).FirstOrDefaultAsync(cancellationToken);
        return row is null ? new Failure.NotFound("organisation") : new House(row.Id, row.Name, Formats.Moment.Zone(row.TimeZone));
    }
}
