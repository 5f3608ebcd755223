using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using NpgsqlTypes;

namespace AspireGateway.Portal.Usage;

/// <summary>The names that people read for groups that are ids.</summary>
internal static class UsageNames
{
    /// <summary>Names by group; only where they differ from it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(UsageLook look, Facet facet, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        var table = facet == Facet.Team ? "teams" : facet == Facet.Key ? "virtual_keys" : null;
        var ids = table is null ? [] : groups.Select(g => Guid.TryParse(g, out var id) ? id : Guid.Empty).ToArray();
        if (table is null || ids.Length == 0) return new Dictionary<string, string>(StringComparer.Ordinal);
        var rows = await look.RowsAsync(
            $"select id::text, name from {table} where id = any(@ids)", r => (Id: r.GetString(0), Name: r.GetString(1)),
            [new("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = ids }], cancellationToken);
        return rows.ToDictionary(r => r.Id, r => r.Name, StringComparer.Ordinal);
    }
}
