using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>Lists alerts, newest first.</summary>
public sealed class AlertsQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private readonly BrakeBook brakes = new(database, clock);

    /// <summary>The columns of a <see cref="Row"/>, of an alert <c>a</c> at <c>@now</c>.</summary>
    internal const string Columns = $"""
        a.id, a.kind, a.subject, a.value, a.usual, a.threshold, a.opened_at, a.closed_at, a.acknowledged_at, a.acknowledged_by, a.subject_name, a.tier, a.latest, a.learned, a.samples,
            (select max(m.until) from alert_mutes m where {AlertBook.Covers})
        """;

    private const string IsMuted = $"exists (select from alert_mutes m where {AlertBook.Covers})";

    /// <summary>A page of those that are open, or of those that are over.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="open">True = open ones; false = those that are over; null = all.</param>
    /// <param name="after">The page before's <c>next</c>.</param>
    /// <param name="limit">Rows of a page; at most 200.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Result<Page<AlertRow>>> RunAsync(Actor actor, bool? open, string? after, int? limit, CancellationToken cancellationToken) =>
        RunAsync(actor, open, null, after, limit, cancellationToken);

    /// <summary>A page of those in a state.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="open">True = open ones; false = those that are over; null = all.</param>
    /// <param name="state">Of <see cref="AlertViews"/>; null = any.</param>
    /// <param name="after">The page before's <c>next</c>.</param>
    /// <param name="limit">Rows of a page; at most 200.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<Page<AlertRow>>> RunAsync(Actor actor, bool? open, string? state, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var checks = new FieldChecks();
        checks.Must(state is null || AlertViews.All.Contains(state, StringComparer.Ordinal), "state", $"state is one of {string.Join(", ", AlertViews.All)}.");
        if (checks.Failure is { } faults) return faults;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync($"""
            select {Columns} from alerts a
            where a.organisation_id = @organisation and (@open::boolean is null or (a.closed_at is null) = @open) and (@after::uuid is null or a.id < @after)
                and (@state::text is null
                    or (@state = 'past' and a.closed_at is not null)
                    or (@state = 'muted' and a.closed_at is null and {IsMuted})
                    or (@state = 'acknowledged' and a.closed_at is null and a.acknowledged_at is not null and not {IsMuted})
                    or (@state = 'active' and a.closed_at is null and a.acknowledged_at is null and not {IsMuted}))
            order by a.id desc limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), new NpgsqlParameter("open", NpgsqlTypes.NpgsqlDbType.Boolean) { Value = (object?)open ?? DBNull.Value }, Sql.Text("state", state),
            Sql.Id("after", from), Sql.Number("limit", take + 1), Sql.Time("now", clock.GetUtcNow()));
        var page = PageSize.Page(rows, take, a => a.Id.ToString());
        return page with { Items = await brakes.WithAsync(page.Items, cancellationToken) };
    }

    internal static AlertRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Kind = r.GetString(1), Subject = r.GetString(2), Value = r.GetDouble(3), Usual = r.GetDouble(4), Threshold = r.GetDouble(5),
        OpenedAt = r.GetFieldValue<DateTimeOffset>(6), ClosedAt = r.Nullable<DateTimeOffset>(7), AcknowledgedAt = r.Nullable<DateTimeOffset>(8), AcknowledgedBy = r.Text(9),
        SubjectName = r.Text(10), Tier = r.GetString(11), Latest = r.GetDouble(12), Learned = r.Text(13), Samples = r.GetInt32(14), MutedUntil = r.Nullable<DateTimeOffset>(15),
    };
}
