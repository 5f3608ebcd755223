using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/tokens</c>: the caller's personal access tokens. Secrets are shown once, when a token is made.</summary>
internal static class TokensApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tokens").WithTags("tokens");

        group.MapGet("/", (HttpContext http, AccessTokensQuery query, bool? everybody, [FromQuery(Name = "include_ended")] bool? includeEnded, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Everybody = everybody ?? false, IncludeEnded = includeEnded ?? false, After = after, Limit = limit }, stop).Ok())
            .WithSummary("The caller's own tokens; with everybody=true all of the organisation, for who may manage people.").Answers<Page<AccessTokenDetails>>("ListTokens");

        group.MapPost("/", (HttpContext http, CreateAccessToken command, CreateAccessTokenRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(t => $"/api/tokens/{t.Token.Id}"))
            .WithSummary("Makes a token of the caller's own, no wider and no longer-lived than the one that is shown. The secret is in the answer once.")
            .Answers<CreatedAccessToken>("CreateToken", StatusCodes.Status201Created);

        group.MapPost("/{id:guid}/revoke", (HttpContext http, RevokeAccessToken command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok()).WithSummary("Revokes a token, and those that it made.").Answers<AccessTokenDetails>("RevokeToken");
    }
}
