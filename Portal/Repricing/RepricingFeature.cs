namespace AspireGateway.Portal.Repricing;

/// <summary>Registration of this folder.</summary>
public static class RepricingFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddRepricing(this IServiceCollection services) => services
        .AddSingleton<RepricingQuery>().AddSingleton<PreviewRepricing>().AddSingleton<StartRepricing>().AddSingleton<EndRepricing>();

    /// <summary>Adds the job that works on them.</summary>
    public static void AddRepricingWorker(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RepricingOptions>().Bind(configuration.GetSection("Portal:Repricing"))
            .Validate(o => o.BatchRecords is >= 1 and <= 50_000, "Portal__Repricing__BatchRecords must be from 1 to 50000.")
            .Validate(o => o.EveryMs >= 100, "Portal__Repricing__EveryMs must be at least 100.")
            .Validate(o => o.MostRecords >= 1, "Portal__Repricing__MostRecords must be at least 1.")
            .ValidateOnStart();
        services.AddSingleton<RepricingBatch>().AddHostedService<RepricingWorker>();
    }
}
