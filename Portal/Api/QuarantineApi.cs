using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Quarantine;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/quarantine</c>.</summary>
internal static class QuarantineApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/quarantine").WithTags("quarantine");

        group.MapGet("/", (
                HttpContext http, QuarantineQuery query, string? state, [FromQuery(Name = "team_id")] Guid? teamId, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { State = state, TeamId = teamId, After = after, Limit = limit }, stop).Ok()).Answers<Page<QuarantineRow>>("ListQuarantine");

        group.MapGet("/{id:guid}", (HttpContext http, QuarantineQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<QuarantineRow>("GetQuarantine");

        group.MapPost("/{id:guid}/release", (HttpContext http, ReleaseQuarantine command, Guid id, DecideQuarantineRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Lets the request pass once: its caller repeats it with the ticket, which is the id, within 24 hours.")
            .Answers<QuarantineDetails>("ReleaseQuarantine");

        group.MapPost("/{id:guid}/reject", (HttpContext http, RejectQuarantine command, Guid id, DecideQuarantineRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Does not let the request pass, and deletes its text.")
            .Answers<QuarantineDetails>("RejectQuarantine");

        group.MapPost("/{id:guid}/reveal", (HttpContext http, RevealQuarantine command, Guid id, RevealQuarantineRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Shows the request's text, for a reason that stands in the audit.")
            .Answers<RevealedRequest>("RevealQuarantine");
    }
}
