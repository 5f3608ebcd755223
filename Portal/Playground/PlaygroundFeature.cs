namespace AspireGateway.Portal.Playground;

/// <summary>Registration of this folder.</summary>
public static class PlaygroundFeature
{
    /// <summary>Adds its query, the tab's keys and the way to the gateway.</summary>
    public static void AddPlayground(this IServiceCollection services) => services
        .AddSingleton<PlaygroundQuery>()
        .AddScoped<PlaygroundKeys>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<PlaygroundGateway>(provider, new HttpClient(
            new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(1), AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan, // Each question sets its own deadline.
        }));
}
