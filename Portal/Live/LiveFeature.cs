namespace AspireGateway.Portal.Live;

/// <summary>Registration of this folder.</summary>
public static class LiveFeature
{
    /// <summary>Adds what keeps open pages up to date.</summary>
    public static void AddLive(this IServiceCollection services) => services.AddSingleton<LiveSignals>();

    /// <summary>Adds the ear of a portal that has pages.</summary>
    public static void AddLiveListener(this IServiceCollection services) => services.AddHostedService<LiveListener>();
}
