using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Api;

/// <summary>Who calls the API, and in which organisation.</summary>
public static class ApiActor
{
    /// <summary>Header by which an operator names the organisation it acts in.</summary>
    public const string OrganisationHeader = "x-organization";

    /// <summary>Query parameter of the same meaning; wins over the header.</summary>
    public const string OrganisationParameter = "organization";

    /// <summary>Resolves the actor once for each call under <c>/api</c>.</summary>
    public static void UseApiActor(this IApplicationBuilder app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(SignIn.ApiPath) && http.User.Identity?.IsAuthenticated == true,
        api => api.Use(ResolveAsync));

    /// <summary>The actor of this call.</summary>
    public static Actor Actor(this HttpContext http) =>
        http.Features.Get<Actor>() ?? throw new InvalidOperationException("No actor: this endpoint lies outside of /api or lets anyone in.");

    private static async Task ResolveAsync(HttpContext http, RequestDelegate next)
    {
        string? organisation = http.Request.Query[OrganisationParameter];
        if (string.IsNullOrEmpty(organisation)) organisation = http.Request.Headers[OrganisationHeader];
        if (string.IsNullOrEmpty(organisation)) organisation = null;

        var actor = await http.RequestServices.GetRequiredService<ActorSource>()
            .GetAsync(http.User, organisation, http.Connection.RemoteIpAddress?.ToString(), http.RequestAborted);
        if (actor.Failure is { } failure)
        {
            await ApiProblems.From(failure).ExecuteAsync(http);
            return;
        }
        if (actor.Value.Token is { } token && AccessTokenScopes.Refuse(token.Scopes, http.Request.Method, http.Request.Path) is { } outside)
        {
            await ApiProblems.From(outside).ExecuteAsync(http);
            return;
        }
        http.Features.Set(organisation is null && await IsAmbiguousAsync(http) ? actor.Value with { OrganisationId = null } : actor.Value);
        await next(http);
    }

    // A script that names no organisation must not change the wrong one.
    private static async Task<bool> IsAmbiguousAsync(HttpContext http)
    {
        // A personal token works in one organisation only.
        if (http.User.FindFirst(ActorSource.TokenClaim) is not null) return false;
        await using var context = await http.RequestServices.GetRequiredService<IDbContextFactory<GatewayDbContext>>().CreateDbContextAsync(http.RequestAborted);
        return await context.Organisations.OrderBy(o => o.Id).Take(2).CountAsync(http.RequestAborted) > 1;
    }
}
