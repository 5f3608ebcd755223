using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>
/// Opens the one connection on which the configuration is listened to and read. It is not from the pool: it must notice within seconds that the
/// server is gone, and never wait for a free place.
/// </summary>
internal sealed class ListenerSource : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;

    /// <summary>Takes the connection string of the database.</summary>
    public ListenerSource(string connectionString, ILoggerFactory loggers)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 3,
            CommandTimeout = 10,
            CancellationTimeout = 500,
            KeepAlive = 2,
            ApplicationName = "gateway configuration",
            // Gateways never write configuration; the server holds them to it.
            Options = "-c default_transaction_read_only=on",
        };
        if (new NpgsqlConnectionStringBuilder(connectionString).Options is { Length: > 0 } given) settings.Options = $"{given} {settings.Options}";
        source = new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(loggers).Build();
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="NpgsqlException">The server cannot be reached within three seconds, or refuses.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => source.DisposeAsync();
}
