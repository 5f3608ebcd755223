using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Usage;
using AspireGateway.Portal.Users;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/users</c>.</summary>
internal static class UsersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/users").WithTags("users");

        group.MapGet("/", (HttpContext http, PeopleQuery query, string? search, string? role, [FromQuery(Name = "team_id")] Guid? teamId, [FromQuery(Name = "include_disabled")] bool? includeDisabled,
            string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Search = search, Role = role, TeamId = teamId, IncludeDisabled = includeDisabled ?? false, After = after, Limit = limit }, stop).Ok())
            .WithSummary("People who may sign in.")
            .Answers<Page<PersonRow>>("ListUsers");

        group.MapGet("/end-users", (HttpContext http, EndUsersQuery query, string? search, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Search = search, After = after, Limit = limit }, stop).Ok())
            .WithSummary("End users as callers name them, by name, with what they used this month.")
            .Answers<Page<NamedUsage>>("ListEndUsers");

        group.MapGet("/{id:guid}", (HttpContext http, PeopleQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<PersonRow>("GetUser");

        group.MapPut("/{id:guid}/role", (HttpContext http, SetRole command, Guid id, SetRoleRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<PersonDetails>("SetUserRole");

        group.MapPost("/{id:guid}/end-sessions", (HttpContext http, EndSessions command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Ends all of the person's sessions in the portal, on every device. Role and access tokens stay.")
            .Answers<EndedSessions>("EndUserSessions");
    }
}
