using System.Net.Sockets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Partitions;
using AspireGateway.Portal.Seed;
using AspireGateway.ServiceDefaults;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Migration;

/// <summary><c>Portal migrate</c>: schema, partitions and first configuration. Run before any service starts; running it again changes nothing.</summary>
public static partial class MigrateVerb
{
    /// <summary>Migrates and seeds.</summary>
    /// <param name="args">Configuration on the command line.</param>
    /// <param name="errors">Gets one line for whoever has to mend it, when it fails.</param>
    /// <returns>The process's exit code: 0 done, 1 failed.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter errors)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCancel = (_, e) => { e.Cancel = true; stop.Cancel(); };
        Console.CancelKeyPress += onCancel;
        try
        {
            await MigrateAsync(args, stop.Token);
            return 0;
        }
        catch (Exception e) when (Explain(e) is { } line)
        {
            await errors.WriteLineAsync($"migrate: {line}");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
        }
    }

    private static async Task MigrateAsync(string[] args, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(ConfigurationStore.ConnectionName)))
            throw new SettingFault("no connection string: set ConnectionStrings__gatewaydb.");
        builder.AddNpgsqlDataSource(ConfigurationStore.ConnectionName);
        builder.Services.AddConfigurationWriter(builder.Configuration);
        builder.Services.AddSingleton<Seeder>();
        using var host = builder.Build();
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AspireGateway.Portal.Migrate");
        var seeding = !bool.TryParse(builder.Configuration["Seed:Enabled"], out var enabled) || enabled;
        // A missing or broken master key shows before the database is touched.
        if (seeding) _ = host.Services.GetRequiredService<SecretBox>();

        var database = host.Services.GetRequiredService<NpgsqlDataSource>();
        var applied = await DatabaseMigrator.MigrateAsync(builder.Configuration.GetConnectionString(ConfigurationStore.ConnectionName)!, cancellationToken);
        if (applied.Count > 0) Log.Applied(logger, applied.Count, string.Join(", ", applied));
        else Log.UpToDate(logger);

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            await DayPartitions.EnsureAsync(connection, host.Services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellationToken);
        if (seeding) await host.Services.GetRequiredService<Seeder>().RunAsync(cancellationToken);
    }

    // The texts are our own: a driver's message may quote the connection string.
    internal static string? Explain(Exception e) => e switch
    {
        SettingFault or FormatException or InvalidOperationException => e.Message,
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "Postgres refused the user name or password of ConnectionStrings__gatewaydb.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } p =>
            $"the user of ConnectionStrings__gatewaydb lacks a right ({p.MessageText}). It must own the database, or may create it.",
        PostgresException p => $"Postgres refused a statement: {p.SqlState} {p.MessageText}",
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } or TimeoutException or SocketException =>
            "Postgres cannot be reached at the address of ConnectionStrings__gatewaydb. Is it running?",
        NpgsqlException => $"the connection to Postgres failed: {e.Message}",
        OperationCanceledException => "stopped before it was done; run it again.",
        _ => null,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} migrations applied: {Names}")]
        public static partial void Applied(ILogger logger, int count, string names);

        [LoggerMessage(2, LogLevel.Information, "The schema is up to date")]
        public static partial void UpToDate(ILogger logger);
    }
}

/// <summary>A setting that is missing or wrong; the message says which and what to do.</summary>
internal sealed class SettingFault(string message) : Exception(message);
