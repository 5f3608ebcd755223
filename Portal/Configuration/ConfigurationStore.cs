using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace AspireGateway.Portal.Configuration;

/// <summary>The database as the portal uses it: short-lived contexts, one writer.</summary>
public static class ConfigurationStore
{
    /// <summary>The connection's name, the same under every host.</summary>
    public const string ConnectionName = "gatewaydb";

    /// <summary>Registers the data source, the contexts' factory, the secret box and the writer.</summary>
    public static void AddConfigurationStore(this WebApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(ConnectionName);
        builder.Services.AddConfigurationWriter(builder.Configuration);
    }

    /// <summary>Registers all but the data source, so that the migration can use the same writer.</summary>
    internal static void AddConfigurationWriter(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPooledDbContextFactory<GatewayDbContext>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.EnableRetryOnFailure(3))
                // Either the failure is expected (a name that is taken), or whoever catches it says so once.
                .ConfigureWarnings(w => w.Log((CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug))));
        services.AddSingleton(_ => SecretBox.FromSettings(configuration["Gateway:MasterKey"], configuration["Gateway:PreviousMasterKeys"]));
        services.AddSingleton<ConfigurationWriter>();
        services.TryAddSingleton(TimeProvider.System);
    }
}
