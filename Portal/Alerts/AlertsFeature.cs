namespace AspireGateway.Portal.Alerts;

/// <summary>Registration of this folder.</summary>
public static class AlertsFeature
{
    /// <summary>Adds its queries, commands and watches.</summary>
    public static void AddAlerts(this IServiceCollection services) => services
        .AddSingleton<AlertsQuery>()
        .AddSingleton<AcknowledgeAlert>()
        .AddSingleton<AlertBook>()
        .AddHostedService<GuardrailWatch>();
}
