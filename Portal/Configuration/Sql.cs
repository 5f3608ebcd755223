using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Configuration;

/// <summary>Lists and sums in SQL as it is sent: what a page costs can be read and explained. Values go in as parameters, always.</summary>
internal static class Sql
{
    /// <summary>Reads all rows of one statement.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(row(reader));
        return rows;
    }

    /// <summary>A text or null.</summary>
    public static NpgsqlParameter Text(string name, string? value) => Of(name, NpgsqlDbType.Text, value);

    /// <summary>An id or null.</summary>
    public static NpgsqlParameter Id(string name, Guid? value) => Of(name, NpgsqlDbType.Uuid, value);

    /// <summary>Ids or null.</summary>
    public static NpgsqlParameter Ids(string name, IReadOnlyList<Guid>? value) => Of(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid, value?.ToArray());

    /// <summary>Texts.</summary>
    public static NpgsqlParameter Texts(string name, IReadOnlyList<string> values) => Of(name, NpgsqlDbType.Array | NpgsqlDbType.Text, values.ToArray());

    /// <summary>A moment or null.</summary>
    public static NpgsqlParameter Time(string name, DateTimeOffset? value) => Of(name, NpgsqlDbType.TimestampTz, value?.ToUniversalTime());

    /// <summary>A number or null.</summary>
    public static NpgsqlParameter Number(string name, long? value) => Of(name, NpgsqlDbType.Bigint, value);

    /// <summary>What a search text begins with, as a LIKE pattern.</summary>
    public static string BeginsWith(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    /// <summary>A column that may be null.</summary>
    public static T? Nullable<T>(this NpgsqlDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    /// <summary>A text that may be null.</summary>
    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Of(string name, NpgsqlDbType type, object? value) => new(name, type) { Value = value ?? DBNull.Value };
}
