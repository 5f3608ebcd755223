using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Guardrails.Found;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/guardrails</c>.</summary>
internal static class GuardrailsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/guardrails").WithTags("guardrails");

        group.MapGet("/", (HttpContext http, GuardrailsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<GuardrailRow>>("ListGuardrails");

        group.MapGet("/{id:guid}", (HttpContext http, GuardrailsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<GuardrailRow>("GetGuardrails");

        group.MapGet("/found", (HttpContext http, FoundQuery query, DateTimeOffset? from, DateTimeOffset? to, CancellationToken stop) =>
            query.RunAsync(http.Actor(), from, to, stop).Ok())
            .WithSummary("Counts requests in which guardrails found something, by guardrail, team and time; at most 31 days.")
            .Answers<FoundReport>("ListGuardrailFindings");

        group.MapPut("/", (HttpContext http, SetGuardrails command, SetGuardrailsRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Sets which guardrails look at the requests and replies of the organisation, a team, a key or a model; replaces what was set on it.")
            .Answers<GuardrailDetails>("SetGuardrails");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteGuardrails command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteGuardrails");
    }
}
