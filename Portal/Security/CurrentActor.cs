using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Components.Authorization;

namespace AspireGateway.Portal.Security;

/// <summary>The actor behind the page that is open. Ask for it in every event handler: rights may have changed since the page was drawn.</summary>
public sealed class CurrentActor(AuthenticationStateProvider session, ActorSource actors, IHttpContextAccessor http)
{
    // The request that opened the circuit; it is gone later on.
    private readonly string? remoteAddress = http.HttpContext?.Connection.RemoteIpAddress?.ToString();

    /// <summary>The actor.</summary>
    /// <param name="organisation">Slug of the organisation that an operator looks at; null = the oldest.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async Task<Result<Actor>> GetAsync(string? organisation = null, CancellationToken cancellationToken = default) =>
        await actors.GetAsync((await session.GetAuthenticationStateAsync()).User, organisation, remoteAddress, cancellationToken);
}
