using AspireGateway.Shared.Redis;

namespace AspireGateway.Portal.Ledger;

/// <summary>Registration of this folder.</summary>
public static class LedgerFeature
{
    /// <summary>The connection's name, the same under every host and for every service.</summary>
    public const string ConnectionName = "cache";

    // A page asks a few times in a row; whoever looks at it does not notice so much.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>Adds the look into the ledger in the Redis of <c>ConnectionStrings:cache</c>; where there is none, the pages say so.</summary>
    /// <exception cref="InvalidOperationException">The connection string cannot be used.</exception>
    public static void AddLedgerView(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (OptionsOf(builder.Configuration) is { } options)
        {
            builder.Services.AddSingleton(provider => new RedisClient(
                options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisClient>>(), []));
            builder.Services.AddHostedService<LedgerConnection>();
        }
        builder.Services.AddSingleton(provider => new LedgerView(provider.GetRequiredService<TimeProvider>(), provider.GetService<RedisClient>()));
    }

    private static RedisOptions? OptionsOf(IConfiguration configuration)
    {
        if (configuration.GetConnectionString(ConnectionName) is not { Length: > 0 } text) return null;
        try
        {
            return RedisOptions.Parse(text) with { CallTimeout = CallTimeout, MaxInFlight = 256 };
        }
        catch (FormatException fault)
        {
            throw new InvalidOperationException($"ConnectionStrings__{ConnectionName}: {fault.Message}", fault);
        }
    }

    /// <summary>Connects when the portal starts, so that the first page finds a connection.</summary>
    private sealed class LedgerConnection(RedisClient redis) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            redis.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
