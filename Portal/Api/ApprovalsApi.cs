using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/approvals</c>.</summary>
internal static class ApprovalsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/approvals").WithTags("approvals");

        group.MapGet("/", (
                HttpContext http, ApprovalsQuery query, string? status, [FromQuery(Name = "team_id")] Guid? teamId, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Status = status, TeamId = teamId, After = after, Limit = limit }, stop).Ok()).Answers<Page<ApprovalRow>>("ListApprovals");

        group.MapGet("/{id:guid}", (HttpContext http, ApprovalsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<ApprovalRow>("GetApproval");

        group.MapPost("/{id:guid}/grant", (HttpContext http, GrantApproval command, Guid id, GrantApprovalRequest? request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request ?? new(), stop).Ok())
            .WithSummary("Lets the request pass: its caller repeats it with the ticket, which is the id.")
            .Answers<ApprovalDetails>("GrantApproval");

        group.MapPost("/{id:guid}/deny", (HttpContext http, DenyApproval command, Guid id, DenyApprovalRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<ApprovalDetails>("DenyApproval");
    }
}
