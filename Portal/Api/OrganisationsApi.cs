using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Organisations;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/organizations</c>.</summary>
internal static class OrganisationsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/organizations").WithTags("organizations");

        group.MapGet("/", (HttpContext http, OrganisationsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<OrganisationDetails>>("ListOrganizations");

        group.MapPost("/", (HttpContext http, CreateOrganisation command, CreateOrganisationRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(o => $"/api/organizations/current?organization={o.Slug}"))
            .Answers<OrganisationDetails>("CreateOrganization", StatusCodes.Status201Created);

        group.MapGet("/current", (HttpContext http, OrganisationsQuery query, CancellationToken stop) =>
            query.OfAsync(http.Actor(), stop).Ok()).Answers<OrganisationDetails>("GetOrganization");

        group.MapPut("/current", (HttpContext http, UpdateOrganisation command, UpdateOrganisationRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok()).Answers<OrganisationDetails>("UpdateOrganization");
    }
}
