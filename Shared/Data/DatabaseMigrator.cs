using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Shared.Data;

/// <summary>Brings the database to the newest schema; run as a step of its own before any service starts.</summary>
public static class DatabaseMigrator
{
    // Any constant serves, as long as nothing else in the cluster takes the same lock.
    private const long LockKey = 0x41474D4947; // "AGMIG"

    /// <summary>
    /// Creates the database if it is missing and applies the pending migrations. One process at a time: the advisory lock is taken in database
    /// <c>postgres</c> because the target may not exist yet, and because EF's own lock does not hold between two migrations.
    /// </summary>
    /// <returns>The names of the migrations that were applied.</returns>
    /// <exception cref="NpgsqlException">The server cannot be reached or refused.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false };
        await using var guard = new NpgsqlConnection(maintenance.ConnectionString);
        await guard.OpenAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock($1)", guard) { CommandTimeout = 300 })
        {
            take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        var target = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var options = new DbContextOptionsBuilder<GatewayDbContext>().UseNpgsql(target.ConnectionString).Options;
        await using var context = new GatewayDbContext(options);
        IReadOnlyList<string> pending = await context.Database.CanConnectAsync(cancellationToken)
            ? [.. await context.Database.GetPendingMigrationsAsync(cancellationToken)]
            : [.. context.Database.GetMigrations()];
        await context.Database.MigrateAsync(cancellationToken);
        return pending;
    }
}
