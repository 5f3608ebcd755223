namespace AspireGateway.Portal.Quarantine;

/// <summary>Registration of this folder.</summary>
public static class QuarantineFeature
{
    /// <summary>Adds its query, commands, and the worker that keeps deadlines.</summary>
    public static void AddQuarantine(this IServiceCollection services) => services
        .AddSingleton<QuarantineQuery>()
        .AddSingleton<ReleaseQuarantine>()
        .AddSingleton<RejectQuarantine>()
        .AddSingleton<RevealQuarantine>()
        .AddHostedService<QuarantineWorker>();
}
