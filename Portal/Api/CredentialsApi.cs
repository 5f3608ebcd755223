using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Credentials;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/credentials</c>: secrets go in and never come out.</summary>
internal static class CredentialsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/credentials").WithTags("credentials");

        group.MapGet("/", (HttpContext http, CredentialsQuery query, [FromQuery(Name = "provider_id")] Guid? providerId, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), providerId, after, limit, stop).Ok()).Answers<Page<CredentialRow>>("ListCredentials");

        group.MapPost("/", (HttpContext http, CreateCredential command, CreateCredentialRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(c => $"/api/credentials?provider_id={c.ProviderId}"))
            .Answers<CredentialDetails>("CreateCredential", StatusCodes.Status201Created);

        group.MapPut("/{id:guid}", (HttpContext http, ReplaceCredential command, Guid id, ReplaceCredentialRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<CredentialDetails>("ReplaceCredential");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteCredential command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteCredential");

        group.MapPost("/reseal", (HttpContext http, ResealCredentials command, CancellationToken stop) =>
            command.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Seals with the current master key what an older one sealed.")
            .Answers<ResealedCredentials>("ResealCredentials");
    }
}
