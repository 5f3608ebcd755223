using System.Globalization;
using System.Text;

namespace AspireGateway.Portal.Overview;

/// <summary>The hours as CSV: UTC, nano-USD and microseconds, so that nothing is lost to rounding.</summary>
public static class HourCsv
{
    /// <summary>Header and one line per hour, CRLF as in RFC 4180.</summary>
    public static string Write(IReadOnlyList<OverviewHour> hours)
    {
        var csv = new StringBuilder("hour_utc,cost_nano_usd,requests,errors,refused,tokens,p50_us,p95_us,p99_us\r\n");
        foreach (var hour in hours)
        {
            var t = hour.Totals;
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{hour.Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{t.CostNanoUsd},{t.Requests},{t.Errors},{t.Refused},{t.Tokens},{hour.Latency?.P50},{hour.Latency?.P95},{hour.Latency?.P99}\r\n");
        }
        return csv.ToString();
    }
}
