using AspireGateway.Portal.Caching.Figures;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Caching.Recent;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Portal.Caching;

/// <summary>Registration of this folder.</summary>
public static class CachingFeature
{
    /// <summary>The connection's name where replies are kept apart from the ledger, the same as for gateways.</summary>
    public const string ConnectionName = "cache-data";

    /// <summary>Adds its queries and commands.</summary>
    public static void AddCaching(this IServiceCollection services)
    {
        services
            .AddSingleton<CachePoliciesQuery>()
            .AddSingleton<EmbeddersQuery>()
            .AddSingleton<CacheRecentQuery>()
            .AddSingleton<CacheFiguresQuery>()
            .AddSingleton<SetCachePolicy>()
            .AddSingleton<DeleteCachePolicy>()
            .AddSingleton<PurgeCache>();
        CacheUndos.Add(services);
    }

    /// <summary>Adds the Redis that is purged: that of <c>ConnectionStrings:cache-data</c>, else the ledger's; without any a purge says that there is none.</summary>
    /// <exception cref="InvalidOperationException">The connection string cannot be used.</exception>
    public static void AddCacheServer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var own = OptionsOf(builder.Configuration);
        builder.Services.AddSingleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var redis = own is null ? provider.GetService<RedisClient>() : new RedisClient(own, time, provider.GetRequiredService<ILogger<RedisClient>>(), []);
            return new CacheServer(time, redis, isOwn: own is not null);
        });
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CacheServer>());
    }

    private static RedisOptions? OptionsOf(IConfiguration configuration)
    {
        if (configuration.GetConnectionString(ConnectionName) is not { Length: > 0 } text) return null;
        try
        {
            return RedisOptions.Parse(text);
        }
        catch (FormatException fault)
        {
            throw new InvalidOperationException($"ConnectionStrings__{ConnectionName}: {fault.Message}", fault);
        }
    }
}
