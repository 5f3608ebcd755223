using System.Net.Sockets;
using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>Sorts failures of the configuration store.</summary>
internal static class StoreErrors
{
    /// <summary>The failure's kind in a word: what status and logs carry instead of its text, which may name hosts and users.</summary>
    public static string KindOf(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidCatalogName } => "schema",
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => "unreachable",
        PostgresException => "refused",
        TimeoutException or OperationCanceledException or NpgsqlException { InnerException: TimeoutException } => "timeout",
        NpgsqlException or SocketException or IOException => "unreachable",
        _ => "unexpected",
    };
}
