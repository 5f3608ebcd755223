using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;

namespace AspireGateway.Portal.Api;

/// <summary>The REST API: the pages' commands and queries over HTTP, for scripts.</summary>
public static class RestApi
{
    /// <summary>Registers its JSON and its document.</summary>
    public static void AddRestApi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(o => ApiJson.Configure(o.SerializerOptions));
        // A body that does not fit becomes a problem that names the field (see ApiFaults), in every environment.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddOpenApi("v1", o => o.AddDocumentTransformer<ApiDocument>());
    }

    /// <summary>Maps the nouns and the document.</summary>
    public static void MapRestApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/api/openapi.json").AllowAnonymous();
        // Roles are asked of the actor, which is made anew at each call: a token carries none.
        var api = routes.MapGroup("/api").RequireAuthorization(policy => policy.RequireAuthenticatedUser());
        OrganisationsApi.Map(api);
        TeamsApi.Map(api);
        UsersApi.Map(api);
        AgentsApi.Map(api);
        FeaturesApi.Map(api);
        KeysApi.Map(api);
        ProvidersApi.Map(api);
        CredentialsApi.Map(api);
        DeploymentsApi.Map(api);
        PricesApi.Map(api);
        RepricingApi.Map(api);
        RetentionApi.Map(api);
        UsageExportsApi.Map(api);
        ModelsApi.Map(api);
        ReliabilityApi.Map(api);
        RulesApi.Map(api);
        LimitsApi.Map(api);
        BudgetsApi.Map(api);
        TiersApi.Map(api);
        KillSwitchesApi.Map(api);
        ApprovalsApi.Map(api);
        WebhooksApi.Map(api);
        ResidencyApi.Map(api);
        GuardrailsApi.Map(api);
        QuarantineApi.Map(api);
        CachesApi.Map(api);
        ContentApi.Map(api);
        GuardrailChecksApi.Map(api);
        AlertsApi.Map(api);
        DigestsApi.Map(api);
        PinsApi.Map(api);
        CanariesApi.Map(api);
        BenchmarksApi.Map(api);
        QualityApi.Map(api);
        UsageApi.Map(api);
        RequestsApi.Map(api);
        AuditApi.Map(api);
        ConfigurationApi.Map(api);
        TokensApi.Map(api);
        SignInMappingsApi.Map(api);
    }
}
