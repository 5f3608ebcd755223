namespace AspireGateway.Portal.Routes;

/// <summary>Registration of this folder.</summary>
public static class RoutesFeature
{
    // 200 rules and as many deployments are some 100 KB.
    private const int MaxAnswerBytes = 1 << 20;

    /// <summary>Adds its queries and commands.</summary>
    public static void AddRoutes(this IServiceCollection services)
    {
        RouteUndos.Add(services);
        services
            .AddSingleton<RulesQuery>()
            .AddSingleton<RouteChoicesQuery>()
            .AddSingleton<CreateRule>()
            .AddSingleton<UpdateRule>()
            .AddSingleton<DeleteRule>()
            .AddSingleton<ReorderRules>()
            .AddSingleton<CreateTask>()
            .AddSingleton<UpdateTask>()
            .AddSingleton<DeleteTask>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TryRoute>(provider, new HttpClient(
            new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(1), AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan, // The query sets its own deadline.
            MaxResponseContentBufferSize = MaxAnswerBytes,
        }));
    }
}
