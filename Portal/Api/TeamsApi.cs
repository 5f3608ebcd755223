using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Teams.Members;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/teams</c>.</summary>
internal static class TeamsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/teams").WithTags("teams");

        group.MapGet("/", (HttpContext http, TeamsQuery query, string? search, [FromQuery(Name = "include_archived")] bool? includeArchived,
            string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Search = search, IncludeArchived = includeArchived ?? false, After = after, Limit = limit }, stop).Ok())
            .Answers<Page<TeamRow>>("ListTeams");

        group.MapPost("/", (HttpContext http, CreateTeam command, CreateTeamRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(t => $"/api/teams/{t.Id}")).Answers<TeamDetails>("CreateTeam", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, TeamsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<TeamRow>("GetTeam");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateTeam command, Guid id, UpdateTeamRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<TeamDetails>("UpdateTeam");

        group.MapPost("/{id:guid}/archive", (HttpContext http, ArchiveTeam command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, archived: true, stop).Ok()).Answers<TeamDetails>("ArchiveTeam");

        group.MapPost("/{id:guid}/restore", (HttpContext http, ArchiveTeam command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, archived: false, stop).Ok()).Answers<TeamDetails>("RestoreTeam");

        group.MapPut("/{id:guid}/members", (HttpContext http, SetMember command, Guid id, SetMemberRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Takes somebody into the team by their address, or says whether they lead it. GET /api/users?team_id=... lists its members.")
            .Answers<MemberDetails>("SetTeamMember");

        group.MapDelete("/{id:guid}/members/{person:guid}", (HttpContext http, RemoveMember command, Guid id, Guid person, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, person, stop).NoContent()).AnswersNothing("RemoveTeamMember");
    }
}
