using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using Npgsql;

namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>Reads what the gateway added to the newest answers. No roll-up holds it, so the read is bounded by time and by number.</summary>
internal static class OverheadReader
{
    /// <summary>Most records that are read.</summary>
    public const int MaxRecords = 10_000;

    /// <summary>How far back.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(1);

    // Only the bound stands inside: with the condition there too, an hour of failures would be read through for a few answers.
    private static readonly string Newest = string.Create(CultureInfo.InvariantCulture, $"""
        select count(*), min(n.at), percentile_disc(array[0.5, 0.95, 0.99]) within group (order by n.overhead_us)
        from (
            select r.at, r.overhead_us, r.status from usage_records r
            where r.organisation_id = @organisation and r.at >= @from and r.at <= @to order by r.at desc, r.id desc limit {MaxRecords}) n
        where n.status = 'ok'
        """);

    /// <summary>Of the newest whole answers of the organisation.</summary>
    public static async Task<GatewayOverhead> ReadAsync(UsageLook look, Guid organisation, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await look.RowsAsync(Newest, Row, [Sql.Id("organisation", organisation), Sql.Time("from", now - Span), Sql.Time("to", now)], cancellationToken))[0];

    private static GatewayOverhead Row(NpgsqlDataReader r)
    {
        if (r.IsDBNull(2)) return new(0, null, null);
        var times = r.GetFieldValue<long[]>(2);
        return new(r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), new(times[0], times[1], times[2]));
    }
}
