using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>Lists alerts, newest first.</summary>
public sealed class AlertsQuery(NpgsqlDataSource database)
{
    /// <summary>A page of those that are open, or of those that are over.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="open">True = open ones; false = those that are over; null = all.</param>
    /// <param name="after">The page before's <c>next</c>.</param>
    /// <param name="limit">Rows of a page; at most 200.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<Page<AlertRow>>> RunAsync(Actor actor, bool? open, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync("""
            select id, kind, subject, value, usual, threshold, opened_at, closed_at, acknowledged_at, acknowledged_by from alerts
            where organisation_id = @organisation and (@open::boolean is null or (closed_at is null) = @open) and (@after::uuid is null or id < @after)
            order by id desc limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), new NpgsqlParameter("open", NpgsqlTypes.NpgsqlDbType.Boolean) { Value = (object?)open ?? DBNull.Value }, Sql.Id("after", from), Sql.Number("limit", take + 1));
        return PageSize.Page(rows, take, a => a.Id.ToString());
    }

    internal static AlertRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Kind = r.GetString(1), Subject = r.GetString(2), Value = r.GetDouble(3), Usual = r.GetDouble(4), Threshold = r.GetDouble(5),
        OpenedAt = r.GetFieldValue<DateTimeOffset>(6), ClosedAt = r.Nullable<DateTimeOffset>(7), AcknowledgedAt = r.Nullable<DateTimeOffset>(8), AcknowledgedBy = r.Text(9),
    };
}
