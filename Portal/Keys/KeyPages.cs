namespace AspireGateway.Portal.Keys;

/// <summary>Registers what only the keys' pages need.</summary>
public static class KeyPages
{
    // A test answer is short; more than this is not one.
    private const int MaxAnswerBytes = 256 * 1024;

    /// <summary>Adds it.</summary>
    public static void AddKeyPages(this IServiceCollection services)
    {
        services.AddSingleton<KeyChoicesQuery>();
        services.AddSingleton(provider => new TestRequest(
            new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(1), AllowAutoRedirect = false, UseCookies = false })
            {
                Timeout = Timeout.InfiniteTimeSpan, // The request sets its own deadline.
                MaxResponseContentBufferSize = MaxAnswerBytes,
            },
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<TimeProvider>()));
    }
}
