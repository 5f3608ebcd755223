using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Caching;
using AspireGateway.Gateway.Catalog;
using AspireGateway.Gateway.Content;
using AspireGateway.Gateway.Guardrails;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.PassThrough;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Routing.Canaries;
using AspireGateway.Gateway.Routing.Quality.Feedback;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Telemetry.RequestLog;
using AspireGateway.ServiceDefaults;
using AspireGateway.Shared.Data;

namespace AspireGateway.Gateway;

/// <summary>What the gateway's rooms need, room by room, in the order of the journey.</summary>
internal static class DataPlane
{
    /// <summary>Registers everything.</summary>
    public static void AddDataPlane(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // ReadRequest bounds bodies itself, per key.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        // Per-request activities and logs of the web server cost more than the journey; faults are logged by the journey, without content.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);

        builder.AddNpgsqlDataSource("gatewaydb");
        builder.AddRedisClient("cache");
        builder.AddState();

        builder.Services.Configure<IngressOptions>(builder.Configuration.GetSection("Gateway:Ingress"));
        builder.Services.AddSingleton<IdentifyCaller>();
        builder.Services.Configure<Routing.Rules.RulesOptions>(builder.Configuration.GetSection("Gateway:Routing"));
        builder.Services.AddSingleton<Routing.Rules.RouteRules>();

        builder.Services.AddSingleton<OutputAverages>();
        builder.Services.AddSingleton<TokenEstimator>();
        builder.AddUsageJournal();
        builder.AddLedger();
        builder.AddSteering();
        builder.AddCanaries();
        builder.AddFeedback();
        builder.AddCaching();

        builder.Services.AddSingleton(SecretBox.FromSettings(builder.Configuration["Gateway:MasterKey"], builder.Configuration["Gateway:PreviousMasterKeys"]));
        builder.AddGuardrails();
        builder.AddContent();
        builder.AddReliability();
        builder.Services.AddSingleton<ProviderClients>();
        builder.Services.AddSingleton<CredentialVault>();
        builder.Services.AddSingleton<ProviderCaller>();
        builder.Services.AddSingleton<Guardrails.External.CheckCaller>();
        builder.Services.AddSingleton<Guardrails.External.ExternalScreen>();
        builder.Services.AddSingleton<Guardrails.External.MediaTexts>();
        builder.Services.AddSingleton<Guardrails.Checking.OutsideCheck>();
        builder.AddPassThrough();

        builder.Services.AddSingleton<KeyLimits>();
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.AddRequestLog();
    }
}
