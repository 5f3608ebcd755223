using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AspireGateway.ServiceDefaults.AspireClients;

/// <summary>Whether Postgres answers a query.</summary>
internal sealed class NpgsqlHealthCheck(NpgsqlDataSource source) : IHealthCheck
{
    /// <summary>Longest that the check may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, Describe(fault));
        }
    }

    /// <summary>What is wrong, without addresses or names.</summary>
    internal static string Describe(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "the database does not exist",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => "Postgres refuses the user or password",
        PostgresException postgres => $"Postgres refuses (SQLSTATE {postgres.SqlState})",
        _ => "Postgres cannot be reached",
    };
}
