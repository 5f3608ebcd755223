using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>Finds what was done about alerts and to keys, for the lists that show them. Who may see those sees this.</summary>
internal sealed class BrakeBook(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Alerts with what was done about them.</summary>
    public async Task<IReadOnlyList<AlertRow>> WithAsync(IReadOnlyList<AlertRow> alerts, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. alerts.Where(a => a.Kind == AlertKinds.CostSpike).Select(a => a.Id)];
        if (ids.Length == 0) return alerts;
        // A rotated key has a copy: the one that was there first is told.
        var brakes = await database.ReadAsync(
            $"select distinct on (b.alert_id) {KeyBrakeDetails.Columns} from key_brakes b where b.alert_id = any(@ids) order by b.alert_id, (b.ended_at is null) desc, b.id", KeyBrakeDetails.Row, cancellationToken,
            Sql.Ids("ids", ids));
        var byAlert = brakes.ToDictionary(b => b.AlertId);
        return [.. alerts.Select(a => byAlert.TryGetValue(a.Id, out var brake) ? a with { Action = brake } : a)];
    }

    /// <summary>What holds for keys now: of several the tightest, a stop before a throttle.</summary>
    public async Task<IReadOnlyDictionary<Guid, KeyBrakeDetails>> OfKeysAsync(IReadOnlyList<Guid> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return new Dictionary<Guid, KeyBrakeDetails>();
        var brakes = await database.ReadAsync(
            $"select distinct on (b.key_id) {KeyBrakeDetails.Columns} from key_brakes b where b.key_id = any(@ids) and {KeyBrakeDetails.Holds} order by b.key_id, b.kind, b.requests_per_minute, b.id",
            KeyBrakeDetails.Row, cancellationToken, Sql.Ids("ids", keys), Sql.Time("now", clock.GetUtcNow()));
        return brakes.ToDictionary(b => Guid.Parse(b.ScopeId));
    }
}
