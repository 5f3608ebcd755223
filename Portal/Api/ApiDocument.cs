using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AspireGateway.Portal.Api;

/// <summary>What the OpenAPI document says besides the operations: what this is and how to get in.</summary>
public sealed class ApiDocument : IOpenApiDocumentTransformer
{
    private const string Scheme = "bearer";

    /// <inheritdoc />
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        document.Info = new()
        {
            Title = "AspireGateway control plane",
            Version = "v1",
            Description = "Configuration, usage and requests of the gateway. Money is in nano-USD (1e-9 USD); prices of tokens are per million tokens. "
                + "An operator acts in the organisation named by the query parameter `organization` or the header `x-organization` (a slug); with one organisation it may be left out. "
                + "Lists take `limit` (at most 200) and `after` (the `next` of the page before). Errors are problem details (RFC 9457).",
        };
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Scheme,
            Description = "A personal access token (agw-pat-...), made in the portal under Access tokens, or the admin token of the installation.",
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
