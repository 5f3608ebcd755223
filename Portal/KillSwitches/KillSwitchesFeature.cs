namespace AspireGateway.Portal.KillSwitches;

/// <summary>Registration of this folder.</summary>
public static class KillSwitchesFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddKillSwitches(this IServiceCollection services)
    {
        services
            .AddSingleton<KillSwitchesQuery>()
            .AddSingleton<StopImpactQuery>()
            .AddSingleton<ThrowKillSwitch>()
            .AddSingleton<ReleaseKillSwitch>();
        KillSwitchUndos.Add(services);
    }
}
