using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AspireGateway.ServiceDefaults.AspireClients;

/// <summary>Finds connection strings where Aspire's client packages do, and completes them with time limits.</summary>
internal static class ConnectionSettings
{
    /// <summary>
    /// The named connection string: <c>ConnectionStrings:{name}</c>, else <c>ConnectionString</c> in the section for the name, else in the
    /// section itself; null when none is set.
    /// </summary>
    public static string? Find(IConfiguration configuration, string connectionName, string section)
    {
        string?[] places =
        [
            configuration.GetConnectionString(connectionName),
            configuration[$"{section}:{connectionName}:ConnectionString"],
            configuration[$"{section}:ConnectionString"],
        ];
        return places.FirstOrDefault(place => !string.IsNullOrWhiteSpace(place));
    }

    /// <summary>A setting of the section for the name, else of the section itself.</summary>
    public static string? Setting(IConfiguration configuration, string connectionName, string section, string key) =>
        configuration[$"{section}:{connectionName}:{key}"] ?? configuration[$"{section}:{key}"];

    /// <summary>Whether a yes/no setting is set to yes.</summary>
    public static bool IsOn(IConfiguration configuration, string connectionName, string section, string key) =>
        bool.TryParse(Setting(configuration, connectionName, section, key), out var on) && on;

    /// <summary>
    /// A Postgres connection string with limits where it sets none: 5 s to connect, 30 s per command, a probe after 15 s of silence. Npgsql's own
    /// default lets a dead server hold a caller for 15 s and an idle connection for ever.
    /// </summary>
    /// <exception cref="InvalidOperationException">No connection string, or it cannot be parsed; the message says where to set it and holds no part of it.</exception>
    public static string Postgres(IHostApplicationBuilder builder, string connectionName, string section)
    {
        var found = Find(builder.Configuration, connectionName, section) ?? throw new InvalidOperationException(
            $"ConnectionStrings__{connectionName} is not set. Example: Host=127.0.0.1;Port=5432;Username=gateway;Password=...;Database=gatewaydb");
        // Without the parser's own text, which could quote the password.
        return Complete(found, builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName) ?? throw new InvalidOperationException(
            $"ConnectionStrings__{connectionName} is not a Postgres connection string: Host=...;Port=...;Username=...;Password=...;Database=...");
    }

    private static string? Complete(string found, string applicationName)
    {
        try
        {
            var given = new DbConnectionStringBuilder { ConnectionString = found };
            var complete = new NpgsqlConnectionStringBuilder(found);
            if (!given.ContainsKey("Timeout")) complete.Timeout = 5;
            if (!given.ContainsKey("Command Timeout") && !given.ContainsKey("CommandTimeout")) complete.CommandTimeout = 30;
            if (!given.ContainsKey("Keepalive")) complete.KeepAlive = 15;
            if (!given.ContainsKey("Application Name") && !given.ContainsKey("ApplicationName")) complete.ApplicationName = applicationName;
            return complete.ConnectionString;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
