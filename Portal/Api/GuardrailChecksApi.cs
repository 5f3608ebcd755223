using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails.Checks;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/guardrail-checks</c>.</summary>
internal static class GuardrailChecksApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/guardrail-checks").WithTags("guardrail-checks");

        group.MapGet("/", (HttpContext http, GuardrailChecksQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<GuardrailCheckDetails>>("ListGuardrailChecks");

        group.MapPut("/", (HttpContext http, SetGuardrailCheck command, GuardrailCheckRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Makes a check outside of the gateway, or changes the one of that name. Policies name it under external_checks.")
            .Answers<GuardrailCheckDetails>("SetGuardrailCheck");

        group.MapPost("/{id:guid}/test", (HttpContext http, TestGuardrailCheck command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Asks a check about a harmless sample once, and says what became of it.").Answers<GuardrailCheckTrial>("TestGuardrailCheck");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteGuardrailCheck command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteGuardrailCheck");
    }
}
