using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Content.Reading;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/content</c>.</summary>
internal static class ContentApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/content").WithTags("content");

        group.MapGet("/policies", (HttpContext http, ContentPoliciesQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ContentPolicyRow>>("ListContentPolicies");

        group.MapGet("/policies/{id:guid}", (HttpContext http, ContentPoliciesQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<ContentPolicyRow>("GetContentPolicy");

        group.MapPut("/policies", (HttpContext http, SetContentPolicy command, SetContentPolicyRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Sets whether prompts and replies of the organisation or a team are kept, encrypted, in which form and for how long; replaces what was set on it.")
            .Answers<ContentPolicyDetails>("SetContentPolicy");

        group.MapDelete("/policies/{id:guid}", (HttpContext http, DeleteContentPolicy command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteContentPolicy");

        group.MapGet("/holds", (HttpContext http, HoldsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ContentHoldDetails>>("ListContentHolds");

        group.MapPost("/holds", (HttpContext http, PlaceHold command, PlaceHoldRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Places a legal hold on the organisation, a team or a user: nothing of it is deleted or erased while it stands.")
            .Answers<ContentHoldDetails>("PlaceContentHold");

        group.MapPost("/holds/{id:guid}/release", (HttpContext http, ReleaseHold command, Guid id, ReleaseHoldRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).NoContent()).AnswersNothing("ReleaseContentHold");

        group.MapGet("/erasures", (HttpContext http, ErasuresQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ContentErasureDetails>>("ListContentErasures");

        group.MapGet("/erasures/{id:guid}", (HttpContext http, ErasuresQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<ContentErasureDetails>("GetContentErasure");

        group.MapPost("/erasures", (HttpContext http, EraseContent command, EraseContentRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Erases all texts of a user: destroys the key that encrypts them at once, and deletes the rows beside. Refused while a legal hold stands.")
            .Answers<ContentErasureDetails>("EraseContent");

        group.MapPost("/{id:guid}/reveal", (HttpContext http, RevealContent command, Guid id, RevealContentRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Shows the kept texts of a request, which is named by the id of its usage record, for a reason that stands in the audit.")
            .Answers<KeptContent>("RevealContent");

        group.MapPost("/search", (HttpContext http, SearchContent command, SearchContentRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, null, stop).Ok())
            .WithSummary($"Looks for words in kept texts, newest first, through at most {SearchContent.MaxRows} requests at once, for a reason that stands in the audit.")
            .Answers<ContentSearchResult>("SearchContent");

        group.MapPost("/exports", async (HttpContext http, ExportContent command, ExportContentRequest request, CancellationToken stop) =>
            await command.WriteAsync(http, http.Actor(), request, stop) is { } failure ? ApiProblems.From(failure) : Results.Empty)
            .WithSummary("All kept texts of a user as a file, one JSON object a line, for a reason that stands in the audit.").Answers<string>("ExportContent");
    }
}
