namespace AspireGateway.Portal.RollUps;

/// <summary>Registration of this folder.</summary>
public static class RollUpsFeature
{
    /// <summary>Adds what reads the roll-ups.</summary>
    public static void AddRollUps(this IServiceCollection services) => services.AddSingleton<UsageReader>().AddSingleton<RollUpProgressQuery>();

    /// <summary>Adds the job that brings them on.</summary>
    public static void AddRollUpWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RollUpOptions>().Bind(configuration.GetSection("Portal:RollUps"))
            .Validate(o => o.EveryMs >= 100, "Portal__RollUps__EveryMs must be at least 100.")
            .Validate(o => o.BatchRecords >= 1, "Portal__RollUps__BatchRecords must be at least 1.")
            .Validate(o => o.HourDays >= 3, "Portal__RollUps__HourDays must be at least 3: the overview shows two days.")
            .Validate(o => o.Days >= 31, "Portal__RollUps__Days must be at least 31: pages show a month.")
            .ValidateOnStart();
        services.AddSingleton<RollUpBatch>().AddSingleton<RollUpMetrics>().AddHostedService<RollUpWorker>();
    }
}
