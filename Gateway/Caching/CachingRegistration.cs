using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Flights;
using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Caching.Semantic;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Caching.Tallies;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Caching;

/// <summary>Adds the cache of replies.</summary>
internal static class CachingRegistration
{
    private const string ConnectionName = "cache-data", LedgersConnectionName = "cache";

    /// <summary>
    /// Entries live in the Redis of <c>ConnectionStrings:cache-data</c>, else in the ledger's, where a quota keeps them small; without any Redis only in this process's
    /// memory. <c>Gateway:Cache</c> holds the sizes (<see cref="CacheOptions"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used.</exception>
    public static void AddCaching(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var section = builder.Configuration.GetSection("Gateway:Cache");
        services.AddOptions<CacheOptions>().Bind(section).Validate(options => options.Fault() is null, "Gateway:Cache holds a value out of range; docs/operations/caching.md lists them.").ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<GatewayMetrics>().Cache);
        services.AddSingleton<FlightTable>();
        var redis = RedisOf(builder.Configuration);
        services.AddSingleton(provider => new CacheStore(
            redis is null ? null : new RedisClient(
                redis with { CallTimeout = TimeSpan.FromMilliseconds(provider.GetRequiredService<IOptions<CacheOptions>>().Value.TimeoutMs) }, provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RedisClient>>(), [CacheScripts.Look, CacheScripts.Keep, CacheScripts.Rows, CacheScripts.Tally]),
            new EntryCodec(provider.GetRequiredService<SecretBox>().DeriveKey("replies kept by the cache")),
            new RowCodec(provider.GetRequiredService<SecretBox>().DeriveKey("questions kept by the cache")), provider.GetRequiredService<CacheMetrics>()));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CacheOptions>>().Value;
            // Where nobody else can purge, a reply is as old as its time lets it be.
            return new NearCache(options.MemoryMegabytes * 1024L * 1024, redis is null ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(options.MemoryMs), provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider => new SemanticIndex(
            provider.GetRequiredService<IOptions<CacheOptions>>().Value.SemanticMegabytes * 1024L * 1024, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SemanticSearch>();
        services.AddSingleton(provider => new WarmPrefixes(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PrefixSeeds(provider.GetRequiredService<SecretBox>().DeriveKey("beginnings of prompts")));
        services.AddSingleton<CacheTally>();
        services.AddHostedService(provider => new TallyKeeper(
            provider.GetRequiredService<CacheTally>(), provider.GetRequiredService<CacheStore>(), provider.GetRequiredService<SecretBox>().DeriveKey("entries of the cache in figures"),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TallyKeeper>>()));
        services.AddSingleton<CacheKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<CacheKeeper>());
    }

    private static RedisOptions? RedisOf(IConfiguration configuration)
    {
        var name = configuration.GetConnectionString(ConnectionName) is { Length: > 0 } ? ConnectionName : LedgersConnectionName;
        if (configuration.GetConnectionString(name) is not { Length: > 0 } text) return null;
        try
        {
            return RedisOptions.Parse(text);
        }
        catch (FormatException fault)
        {
            throw new InvalidOperationException($"ConnectionStrings__{name}: {fault.Message}", fault);
        }
    }
}
