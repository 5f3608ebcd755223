using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.Alerts.Mutes;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Shared.Redis;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>Registration of this folder.</summary>
public static class AlertsFeature
{
    /// <summary>Adds its queries, commands and watches.</summary>
    public static void AddAlerts(this IServiceCollection services)
    {
        services
            .AddSingleton<AlertsQuery>()
            .AddSingleton<AcknowledgeAlert>()
            .AddSingleton<AnomalyPoliciesQuery>()
            .AddSingleton<SetAnomalyPolicy>()
            .AddSingleton<DeleteAnomalyPolicy>()
            .AddSingleton<KeyBrakesQuery>()
            .AddSingleton<LiftKeyBrake>()
            .AddSingleton<BrakeBook>()
            .AddSingleton<ApplyPolicies>()
            .AddSingleton<MutesQuery>()
            .AddSingleton<MuteAlert>()
            .AddSingleton<EndMute>()
            .AddSingleton<AlertBook>()
            .AddSingleton<WindowReader>()
            .AddSingleton<BaselineReader>()
            .AddSingleton<SubjectNames>()
            .AddSingleton(provider => new StoreStates(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetService<RedisClient>()))
            .AddSingleton<PageFindings>()
            .AddSingleton<AlertStates>()
            .AddSingleton<WatchLease>()
            .AddHostedService<GuardrailWatch>()
            .AddHostedService<PageWatch>()
            .AddSingleton<DigestReader>()
            .AddSingleton<DigestsQuery>()
            .AddHostedService<DigestWorker>();
        AnomalyUndos.Add(services);
    }
}
