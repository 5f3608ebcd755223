using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Components.Authorization;

namespace AspireGateway.Portal.Security;

/// <summary>The actor behind the page that is open. Ask for it in every event handler: rights may have changed since the page was drawn.</summary>
public sealed class CurrentActor(AuthenticationStateProvider session, ActorSource actors, IHttpContextAccessor http)
{
    // The request that opened the circuit; it is gone later on.
    private readonly string? remoteAddress = http.HttpContext?.Connection.RemoteIpAddress?.ToString();

    // The organisation that the page was opened in. Another tab may choose another one; this page's buttons go on meaning what they meant.
    private Guid? held;

    /// <summary>The actor.</summary>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async Task<Result<Actor>> GetAsync(CancellationToken cancellationToken = default)
    {
        var actor = await actors.GetAsync((await session.GetAuthenticationStateAsync()).User, null, remoteAddress, cancellationToken, held);
        if (actor.Succeeded) held ??= actor.Value.OrganisationId;
        return actor;
    }
}
