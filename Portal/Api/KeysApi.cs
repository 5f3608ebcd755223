using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/keys</c>.</summary>
internal static class KeysApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/keys").WithTags("keys");

        group.MapGet("/", (HttpContext http, KeysQuery query, string? search, [FromQuery(Name = "team_id")] Guid? teamId, string? state,
            string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Search = search, TeamId = teamId, State = state, After = after, Limit = limit }, stop).Ok())
            .Answers<Page<KeyRow>>("ListKeys");

        group.MapPost("/", (HttpContext http, IssueKey command, IssueKeyRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(k => $"/api/keys/{k.Key.Id}"))
            .WithSummary("Issues a key. The secret is in the answer once and cannot be read again.")
            .Answers<IssuedKey>("IssueKey", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, KeysQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<KeyRow>("GetKey");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateKey command, Guid id, UpdateKeyRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<KeyDetails>("UpdateKey");

        group.MapPost("/{id:guid}/rotate", (HttpContext http, RotateKey command, Guid id, RotateKeyRequest? request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request ?? new(), stop).Created(k => $"/api/keys/{k.Key.Id}"))
            .WithSummary("Replaces a key. Both secrets work until the overlap ends.")
            .Answers<IssuedKey>("RotateKey", StatusCodes.Status201Created);

        group.MapPost("/{id:guid}/revoke", (HttpContext http, RevokeKeys command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), new() { Ids = [id] }, stop).Ok()).Answers<RevokedKeys>("RevokeKey");

        group.MapPost("/extend", (HttpContext http, ExtendKeys command, ExtendKeysRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok()).Answers<ChangedKeys>("ExtendKeys");

        group.MapPost("/assign-tier", (HttpContext http, AssignTierToKeys command, AssignTierToKeysRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok()).Answers<ChangedKeys>("AssignTierToKeys");

        group.MapPost("/revoke", (HttpContext http, RevokeKeys command, RevokeKeysRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok()).Answers<RevokedKeys>("RevokeKeys");
    }
}
