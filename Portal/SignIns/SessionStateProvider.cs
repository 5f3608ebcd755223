using System.Security.Claims;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace AspireGateway.Portal.SignIns;

/// <summary>Asks for pages that stay open whether their session still stands: when it ends the page leads to the door, when roles change the page shows what they may.</summary>
public sealed class SessionStateProvider(ILoggerFactory loggers, ActorSource actors, SessionSettings settings) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <inheritdoc />
    protected override TimeSpan RevalidationInterval => settings.Recheck;

    /// <inheritdoc />
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authenticationState);
        var person = authenticationState.User;
        try
        {
            var actor = await actors.GetAsync(person, null, null, cancellationToken, use: false);
            IReadOnlyList<string>? roles = actor.Failure is null ? actor.Value.Roles : actor.Failure == ActorSource.NoRole ? [] : null;
            if (roles is null) return false;
            if (!roles.Order(StringComparer.Ordinal).SequenceEqual(person.FindAll(ClaimTypes.Role).Select(c => c.Value).Order(StringComparer.Ordinal), StringComparer.Ordinal))
                SetAuthenticationState(Task.FromResult(new AuthenticationState(SessionCookie.WithRoles(person, roles))));
            return true;
        }
        // Commands say by themselves that the store is away; nobody is sent to the door for it.
        catch (Exception fault) when (fault.IsStoreAway())
        {
            return true;
        }
    }
}
